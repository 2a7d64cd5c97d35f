"""Windows from a first use: each begins with the first record that none holds, and lasts for the length of a cadence.

They are those of a meter and a key, whatever lines ask. All records that the meter counts open one, so they are found
once, from all of them, before anything is served.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import Piece
from ratewright.meaning import nodes as tree
from ratewright.plan.period_grid import Grid
from ratewright.rating.measuring.keys import Key
from ratewright.refusal import RatingError, stop
from ratewright.usage.model import Form, Record
from ratewright.values.calendar import Cadence, Period, moment_text

_INSTANT = 1
"""The shortest time, in nanoseconds."""


class _Use(Struct, frozen=True, gc=False):
    """A record that a meter counts; `given` marks a result that stands for records."""

    start: Instant
    end: Instant | None
    record: Record | None
    given: bool = False


class _Found(Struct, frozen=True, gc=False):
    """The windows of a meter and key, in order, and what has no place in them, by when it begins."""

    starts: Sequence[Instant]
    windows: Sequence[Period]
    refused: Sequence[tuple[Instant, RatingError]]


class Windows:
    """The windows of one account."""

    def __init__(self, account: Account, grid: Grid) -> None:
        self._account = account
        self._grid = grid
        self._found: dict[tuple[str, Key, Cadence], _Found] = {}

    def around(self, meter: str, key: Key, cadence: Cadence, at: Instant) -> Period | None:
        """The window that holds an instant. Raises RatingError where it depends on a record that has no place."""
        found = self._of(meter, key, cadence)
        _refuse(found, at.add(nanoseconds=_INSTANT))
        index = bisect_right(found.starts, at) - 1
        return found.windows[index] if index >= 0 and at in found.windows[index] else None

    def begun(self, meter: str, key: Key, cadence: Cadence, end: Instant) -> Sequence[Period]:
        """The windows that begin before `end`, in order. Raises RatingError as `around` does."""
        found = self._of(meter, key, cadence)
        _refuse(found, end)
        return found.windows[: bisect_left(found.starts, end)]

    def check_opening(self) -> None:
        """Raise RatingError where an account's opening lies inside a window, or where that is not known."""
        opening = self._account.opening
        if opening is None or not self._grid.has_begun(opening):
            return
        around = Period(opening, opening)
        for charge in self._account.tariff.charges.values():
            if charge.every.first_use and self._account.in_force.line_around(charge, around):
                self._check_opening(charge, opening)

    def _check_opening(self, charge: tree.Charge, opening: Instant) -> None:
        calendar, activated, known = self._account.calendar, self._account.activated, self._account.known_from
        if known is not None and (activated is None or activated < known):
            raise stop(
                "A204",
                f"whether a window of {charge.title} is open at {moment_text(opening, calendar)} is not known: it may "
                "have begun with any earlier record",
                charge.span,
                "give the records from before the opening under `history`; `history: []` says that there were none",
            )
        (meter,) = charge.meters
        for name, key in self._uses:
            open_ = self.around(meter, key, charge.every, opening) if name == meter else None
            if open_ is not None and open_.start < opening:
                begins, ends = (moment_text(at, calendar) for at in (open_.start, open_.end))
                raise stop(
                    "A204",
                    f"the opening {moment_text(opening, calendar)} lies inside a window of {charge.title}, which goes "
                    f"from {begins} to {ends}",
                    charge.span,
                    f"open where no window is open, {ends} at the earliest",
                )

    def _of(self, meter: str, key: Key, cadence: Cadence) -> _Found:
        asked = meter, key, cadence
        if asked not in self._found:
            self._found[asked] = self._find(meter, cadence, sorted(self._uses.get((meter, key), ()), key=_start))
        return self._found[asked]

    def _find(self, meter: str, cadence: Cadence, uses: Iterable[_Use]) -> _Found:
        windows: list[Period] = []
        refused: list[tuple[Instant, RatingError]] = []
        for use in uses:
            if not windows or windows[-1].end <= use.start:
                windows.append(self._grid.window(use.start, cadence))
            why = self._why_not(use, windows[-1], meter, cadence)
            if why is not None:
                refused.append((use.start, why))
        return _Found([window.start for window in windows], windows, refused)

    def _why_not(self, use: _Use, window: Period, name: str, cadence: Cadence) -> RatingError | None:
        """Why a record has no place in the window that it begins in: when it was first used is not known, or it goes on
        behind the window."""
        meter = self._account.tariff.meters[name]
        place = use.record.place.span if use.record is not None else None
        if use.given or (use.record is not None and use.record.form is Form.TOTAL):
            what = "a result that is given" if use.given else "a total"
            return stop(
                "A311",
                f"windows of `{name}` begin with a first use, {cadence}, and {what} does not say when that was",
                place,
                "give the records themselves, each at its instant",
                ("the meter", meter.span),
            )
        if use.end is not None and use.end > window.end:
            ends = moment_text(window.end, self._account.calendar)
            return stop(
                "A303",
                f"this record runs past {ends}, where the window of `{name}` ends in which it begins ({cadence})",
                place,
                f"split it at {ends}",
                ("the meter", meter.span),
            )
        return None

    @cached_property
    def _uses(self) -> Mapping[tuple[str, Key], list[_Use]]:
        """What each meter with windows counts, by key; from before the opening too, as far as it is known."""
        counted = self._account.counted
        charges = (charge for charge in self._account.tariff.charges.values() if charge.every.first_use)
        asked = {meter for charge in charges for meter in charge.meters}
        found: dict[tuple[str, Key], list[_Use]] = defaultdict(list)
        given = {id(piece) for name in asked for piece in counted.given.get(name, ())}
        for piece in counted.pieces if asked else ():
            if piece.meter in asked:
                found[piece.meter, piece.key].append(_of_piece(piece, given))
        for kept in (counted.whole, counted.before):
            for (name, key), records in kept.items():
                if name in asked:
                    found[name, key] += (_Use(one.start, one.end, one.record) for one in records)
        return found


def _of_piece(piece: Piece, given: set[int]) -> _Use:
    return _Use(piece.start, piece.end, piece.record, id(piece) in given)


def _start(use: _Use) -> Instant:
    return use.start


def _refuse(found: _Found, end: Instant) -> None:
    """Raise what has no place and begins before an instant."""
    if found.refused and found.refused[0][0] < end:
        raise found.refused[0][1]
