"""What quotas left of usage, and what the lines did with it: who took it, who left it, and what is unserved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from tests.reference.clock import Span
from tests.reference.counted import Counted, Key
from tests.reference.lines import TICK, LineRules
from tests.reference.values import Figure


@dataclass(eq=False)
class Piece:
    """What quotas left of a record, or of the measure of a period."""

    at: datetime
    key: Key
    left: Figure
    measured: Figure
    span: Span | None = None  # of the measure of a period
    record: Counted | None = None
    known: datetime | None = None  # when a record was served, which may be at the end of a period


class Pieces:
    """The pieces of an account by meter. `taken` are the periods for which a line took the measure of a meter and a
    key."""

    def __init__(self) -> None:
        self.of: dict[str, list[Piece]] = defaultdict(list)
        self.taken: dict[tuple[str, Key], list[Span]] = defaultdict(list)
        self._left: dict[tuple[int, str], datetime] = {}

    def leave(self, pieces: Iterable[Piece], line: LineRules, at: datetime) -> None:
        """Note that a line does not take some pieces, and when that was known."""
        self._left.update(((id(piece), line.name), at) for piece in pieces)

    def unserved(self, lines_on: Mapping[str, list[LineRules]]) -> list[tuple[str, datetime, Fraction]]:
        """What nothing paid for, of some meters with the lines on them: meter, when, how much."""
        found = []
        for meter, lines in lines_on.items():
            for piece in self.of[meter]:
                own = [line for line in lines if piece.span is None or piece.span in line.spans(*piece.span, piece.key)]
                known = [self._left.get((id(piece), line.name)) for line in own]
                others = piece.span is not None and self._others_take(meter, piece, piece.span, lines)
                if piece.left.number and None not in known and not others:
                    at = piece.known or piece.at - TICK
                    found.append((meter, max([at, *(each for each in known if each)]), piece.left.number))
        return found

    def _others_take(self, meter: str, piece: Piece, own: Span, lines: list[LineRules]) -> bool:
        """Whether lines of other periods take usage of which a result was left, or decide on it later."""
        if any(span.start < own.end and own.start < span.end for span in self.taken[meter, piece.key]):
            return True
        others = [span for line in lines for span in line.spans(own.end - TICK, own.end, piece.key)]
        return any((span.end, own.start) > (own.end, span.start) for span in others)
