"""Lines that are priced where their periods end, or parts of these, and what reached them until then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Told
from tests.reference.amounts import Amounts
from tests.reference.by_list import Names, with_listed
from tests.reference.clock import Span
from tests.reference.counted import Key
from tests.reference.formulas import Value
from tests.reference.ledger import Ledger
from tests.reference.lines import SUMS, TICK, Asked, Line, LineRules, sum_figures
from tests.reference.order import members
from tests.reference.pieces import Piece, Pieces
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import statement
from tests.reference.schedule import Schedule
from tests.reference.values import Figure, plain


class PeriodLines:
    """Those of one account. `billed_so_far`: the quantities of what is billed in parts."""

    def __init__(self, told: Told, schedule: Schedule, pieces: Pieces, ledger: Ledger) -> None:
        self.told = told
        self.rules = told.rules
        self.schedule = schedule
        self.lines = ledger.lines
        self.measuring = schedule.measuring
        self.pieces = pieces
        self.ledger = ledger
        self.billed = ledger.billed
        self.billed_so_far: dict[tuple[str, Key, datetime], Fraction] = {}

    def bill(self, line: LineRules, span: Span, end: datetime, own: Key | None = None) -> None:
        """The lines of a period: one for each key that has usage, or one in all; of a window that of its own key."""
        start = max(span.start, self.rules.effective()[0] or span.start)
        cut = Span(start, span.end)
        activated = self.told.account.activated
        if activated and end <= activated:
            return
        if (
            line.meters
            and not line.at_zero
            and not any(self._fed(line, meter, cut, span, None) for meter in line.meters)
        ):
            return
        if line.by_lines:
            for key in self.ledger.keys(line.names_in(line.on), line.by, cut):
                self._one(line, cut, span, key, end)
            return
        if not line.by:
            self._one(line, cut, span, (), end)
            return
        pieces = [piece for meter in line.meters for piece in self._fed(line, meter, cut, span, None)]
        keys = {piece.key for piece in pieces if own is None or piece.key == own}
        for key in sorted(keys):
            self._one(line, cut, span, key, end)

    def _one(self, line: LineRules, cut: Span, whole: Span, key: Key, end: datetime) -> None:
        fed: list[Piece] = []
        known = Span(cut.start, end)  # of what is billed in parts, the time so far
        current = line.in_force(cut.start)
        left, names = self._names(line, cut, whole, key, known, self.ledger.own, fed)
        quantity = current.quantity(left, cut)
        by_record = all(self.measuring[meter].by_record for meter in line.meters)
        if line.when_by_record and not by_record and any(piece.left.number or line.at_zero for piece in fed):
            by_record = True  # asked of the result, as of a total of the period
            if not line.applies_throughout(Span(max(cut.start, self.told.account.activated or cut.start), end)):
                self.pieces.leave(fed, line, end - TICK)
                return

        def asked_of(by: LineRules, quantity: Figure | None, names: Names, left: Names) -> tuple[Asked, Names, bool]:
            inside = by.names_in(by.on) if by.on else []
            other = {name: names(name) for name in by.asked if name not in inside and self._is_used(name)}
            always = by.by_amount and (_any(other.values()) or self._stands(line, inside, cut))
            goes_on = line.billed is not None and end < whole.end
            asked = Asked(cut, line.whole(whole), key, quantity, bool(fed), by_record, always, goes_on)

            def asks(name: str, at: datetime | None = None) -> Value | None:
                return (quantity or plain(0)) if name == "quantity" else names(name, at)

            used = [left(name) for name in inside if self._is_used(name)]
            return asked, asks, not _any([*(piece.left for piece in fed), *other.values(), *used])

        asked, asks, idle = asked_of(current, quantity, names, left)
        applies = line.applies(asked, asks) if any(piece.left.number for piece in fed) else True
        if not applies:
            self.pieces.leave(fed, line, end - TICK)
        else:
            for meter in line.meters if any(piece.span and piece.left.number for piece in fed) else ():
                self.pieces.taken[meter, key].append(whole)
        made = self.ledger.price(line, asked, asks, known if idle else None)

        def again(by: LineRules) -> tuple[Asked, Names]:
            left, names = self._names(line, cut, whole, key, known, self.ledger.listed, [])
            return asked_of(by, by.quantity(left, cut), names, left)[:2]

        told = with_listed(self.ledger, current, asked, asks, made, again)
        if told is not None and line.billed is not None:
            self._part(line, told, known, fed)
        elif told is not None:
            (self.ledger.by_list_alone if made is None else self.billed).add(told)
            self.ledger.spread(line, told)

    def _names(
        self, line: LineRules, cut: Span, whole: Span, key: Key, known: Span, amounts: Amounts, fed: list[Piece]
    ) -> tuple[Names, Names]:
        """What names mean behind `on`, and elsewhere. `fed` gets the pieces that are asked for."""

        def left(name: str) -> Value | None:
            if name in self.measuring:
                pieces = self._fed(line, name, cut, whole, key)
                fed.extend(pieces)
                found = sum_figures([piece.left for piece in pieces], self.measuring[name].unit.dimension)
                if found.number < 0 and not statement(self.rules.meters[name], n.Corrections).below:
                    raise Refused("more is taken back than there was")
                return found
            if name in self.lines or name == "subtotal":
                return self.ledger.money(amounts.left_of(name, cut, line, key if line.by_lines else ()))
            return names(name)

        def names(name: str, at: datetime | None = None) -> Value | None:
            if name in dict(key):
                return dict(key)[name]
            if name in self.measuring:
                measuring = self.measuring[name]
                if line.by_lines and set(line.by) <= set(measuring.by):
                    return measuring.of_keys(known, key)
                return measuring.in_period(known, key if measuring.by and measuring.by == line.by else None)
            if name in self.lines:
                return self.ledger.money(amounts.of_line(name, cut, line, key))
            if name in SUMS:
                return self.ledger.money(amounts.of_sum(name, cut, line))
            if name in self.rules.pools:
                raise NotCovered("a quota in a formula")
            return self.told.known_in(name, known) if at is None else self.told.known(name, at)

        return left, names

    def begin(self, line: LineRules, span: Span, at: datetime) -> None:
        """The line of a period that is billed in advance: at the instant at which it begins for the account."""

        def names(name: str) -> Value | None:
            return at if name == "at" else self.told.known(name, at)

        part = next(each for each in self.rules.cut([span]) if each.start <= at < each.end)
        current = line.in_force(part.start)

        def asked_of(by: LineRules) -> tuple[Asked, Names]:
            quantity = by.quantity(names, span)
            asks = lambda name: quantity if name == "quantity" else names(name)  # noqa: E731
            return Asked(span, span, (), quantity, False), asks

        asked, asks = asked_of(current)
        made = self.ledger.price(current, asked, asks)
        told = with_listed(self.ledger, current, asked, asks, made, asked_of)
        if told is not None:
            entries = self.ledger.by_list_alone if made is None else self.billed
            entries.add(replace(told, span=Span(at, at + TICK)))
        self.ledger.pay_lines(line.name, at + TICK)

    def _is_used(self, name: str) -> bool:
        """Whether a name means usage or an amount."""
        return name in self.measuring or name in self.lines or name in SUMS

    def _stands(self, line: LineRules, on: list[str], span: Span) -> bool:
        """Whether any charge that a discount is on stands on the bill, be it of 0."""
        named_in = {
            other for name in on for other in ([name] if name in self.lines else members(self.lines, name, line))
        }
        charges = (name for name in named_in if self.lines[name].kind == "charge")
        sums = any(name in SUMS for name in on)
        return any(self.billed.of(name, span.start, span.end) for name in charges) or (
            sums and bool(self.ledger.at_once(span))
        )

    def _part(self, line: LineRules, so_far: Line, span: Span, fed: list[Piece]) -> None:
        """A part of a period: the price so far, less what was billed of it before."""
        every = (self.billed, self.ledger.by_list_alone)
        before = [
            each
            for each in (one for entries in every for one in entries.of(line.name, span.start, span.end))
            if each.key == so_far.key and span.start <= each.span.start < span.end
        ]
        part = next(each for each in self.schedule.parts(line, span) if each.end == span.end)
        exact = so_far.exact - sum(each.exact for each in before)
        amount = so_far.amount - sum(each.amount for each in before)
        parts = [each.listed for each in (so_far, *before)]
        listed = None if None in parts else 2 * parts[0] - sum(parts)
        before_it = self.billed_so_far.get((line.name, so_far.key, span.start), Fraction(0))
        quantity = so_far.quantity or plain(0)
        grown = Figure(quantity.number - before_it, quantity.dimension)
        own = amount or exact or any(part.start <= piece.at and piece.left.number for piece in fed)
        if own or listed:
            if own:
                self.billed_so_far[line.name, so_far.key, span.start] = quantity.number
            entries = self.billed if own else self.ledger.by_list_alone
            entries.add(replace(so_far, span=part, quantity=grown, exact=exact, amount=amount, listed=listed))

    def _fed(self, line: LineRules, meter: str, cut: Span, whole: Span, key: Key | None) -> list[Piece]:
        """What reached a line in a period."""
        found = []
        for piece in self.pieces.of[meter]:
            if key is not None and piece.key != key:
                continue
            if piece.span is not None:
                if piece.span == whole:
                    found.append(piece)
            elif cut.start <= piece.at < cut.end:
                assert piece.record is not None
                record = piece.record.record
                if not line.takes(record):
                    continue
                priced = record.end is not None and (piece.left.number or line.at_zero)
                ends = self.schedule.period_end(line, piece.at, piece.key)
                if priced and record.form != "event" and record.end > ends:
                    raise Refused("a total or a state that runs past the end of a period")
                found.append(piece)
        return found

    def refuse_before(self, line: LineRules) -> None:
        """What a line would price, and what is measured for it, may not lie before the date from which it counts."""
        anchor = line.cadence.anchor if line.cadence is not None else None
        if anchor is None:
            return
        for meter in line.meters:
            whole = not self.measuring[meter].by_record
            early = [(one.record, True) for one in self.measuring[meter].records if whole and one.record.start < anchor]
            early += [
                (piece.record.record, bool(piece.left.number or line.at_zero))
                for piece in self.pieces.of[meter]
                if piece.record and piece.at < anchor and line.takes(piece.record.record)
            ]
            for record, priced in early:
                lasts = whole and record.form == "state" and record.end is not None and record.end > anchor
                if priced and not lasts:
                    raise Refused("usage from before the date that periods are counted from")


def _any(values: Iterable[Value | None]) -> bool:
    """Whether any figure is not 0."""
    return any(isinstance(each, Figure) and each.number for each in values)
