"""Lines that price each record or reading alone."""

from __future__ import annotations

from datetime import datetime

from tests.reference.account import Told
from tests.reference.by_list import Names, with_listed
from tests.reference.clock import Span
from tests.reference.formulas import Value
from tests.reference.ledger import Ledger
from tests.reference.lines import TICK, Asked, LineRules
from tests.reference.pieces import Piece, Pieces
from tests.reference.problems import NotCovered
from tests.reference.schedule import Schedule


class SingleLines:
    """Those of one account."""

    def __init__(self, told: Told, schedule: Schedule, pieces: Pieces, ledger: Ledger) -> None:
        self.told = told
        self.rules = told.rules
        self.measuring = schedule.measuring
        self.pieces = pieces
        self.ledger = ledger

    def bill(self, line: LineRules, meter: str, piece: Piece, at: datetime, ends: bool) -> None:
        """The line of a record or a reading; of a reading by itself where the line is on nothing."""
        assert piece.record is not None
        record = piece.record.record
        if line.cadence is not None and line.cadence.unit == "reading" and record.form != "state":
            raise NotCovered("a reading that is no state")
        if line.on is not None and len(line.meters) != 1:
            raise NotCovered("a line of single records on several meters")
        span = Span(record.start, at if ends else at + TICK)

        def names(name: str) -> Value | None:
            if name in self.measuring:
                other = self.measuring[name]
                return other.of_records([each for each in other.records if each.record is record], span)
            return dict(piece.key).get(name) or self.told.known_in(name, span)

        def left(name: str) -> Value | None:
            return piece.left if name == meter else names(name)

        key = piece.key if line.on is not None else ()
        current = line.in_force(span.start)

        def asked_of(by: LineRules) -> tuple[Asked, Names]:
            quantity = by.quantity(left, span)
            asks = lambda name: quantity if name == "quantity" else names(name)  # noqa: E731
            return Asked(span, span, key, quantity, True, True), asks

        asked, asks = asked_of(current)
        if line.on is None and line.when_by_record and not line.takes(record):
            return
        if not line.applies(asked, asks):
            self.pieces.leave([piece], line, piece.at)
        made = self.ledger.price(line, asked, asks)
        told = with_listed(self.ledger, current, asked, asks, made, asked_of)
        if told is not None:
            (self.ledger.by_list_alone if made is None else self.ledger.billed).add(told)
