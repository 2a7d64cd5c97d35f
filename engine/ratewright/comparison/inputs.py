"""What a bill is made from, as parts that can be exchanged between two sides.

Both sides are placed in one period; from there each part can be taken from either side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace as with_fields
from whenever import Instant

from ratewright.comparison.lists import lists_differ, lists_of, same_rules
from ratewright.comparison.moving import Move, ends_of
from ratewright.comparison.side import Side
from ratewright.plan.plan import Plan
from ratewright.usage.model import Place, Purchase, Record, Request, SettingChange, Usage, Withdrawal
from ratewright.values.calendar import Calendar, Period


class Input(Enum):
    """A part of what a bill is made from, in the order in which they are exchanged."""

    USED = "used"
    """The records of the period."""
    HELD = "held"
    """What came before: lots, balances, and usage that they paid for or that is looked back at."""
    BOUGHT = "bought"
    """What was bought, extended, asked back, put on hold and withdrawn in it."""
    LATE = "late"
    """Records of earlier periods that became known in it."""
    SETTINGS = "settings"
    """The settings that differ in the period."""
    LIST = "list"
    """The price list, with its contracts."""
    CALENDAR = "calendar"
    """The period itself."""


Choice = frozenset[Input]
"""The inputs that are taken from the later side; the others are the earlier one's."""


class Placed(Struct, frozen=True):
    """A side as if its period were `window`. `records` are apart by when they are; others are cut by the window."""

    plans: tuple[Plan, ...]
    usage: Usage
    used: tuple[Record, ...]
    late: tuple[Record, ...]
    before: tuple[Record, ...]


def placed(side: Side, window: Period) -> Placed:
    """Raises CalendarError."""
    calendar = side.calendar
    move = Move(calendar, side.period, window)
    usage = move.usage(side.usage)
    used: list[Record] = []
    late: list[Record] = []
    before: list[Record] = []
    for record in usage.records:
        start, end = ends_of(record, calendar)
        if start >= window.end:
            continue
        if record.reported is not None and start < window.start and calendar.instant(record.reported) >= window.start:
            late.append(record)
        elif end > window.start or start >= window.start:
            used.append(record)
        else:
            before.append(record)
    return Placed(move.plans(side.plans), usage, tuple(used), tuple(late), tuple(before))


class Inputs:
    """The inputs of two sides, and what a bill is made from that has some of each."""

    def __init__(self, was: Side, now: Side) -> None:
        self.sides = was, now
        windows = was.period, now.period
        self._placed = {
            (number, at): placed(side, window)
            for number, side in enumerate(self.sides)
            for at, window in enumerate(windows)
            if at == 0 or windows[0] != windows[1]
        }
        self.calendar = was.calendar
        self._same_rules = same_rules(was.plans, now.plans)
        self.differing = tuple(each for each in Input if self._differs(each))

    def made_of(self, choice: Choice) -> Side:
        """The side that has the chosen inputs from the later side, and the others from the earlier one."""
        asked = choice & frozenset(self.differing)
        if not asked:
            return self.sides[0]
        if asked == frozenset(self.differing):
            return self.sides[1]
        at = int(Input.CALENDAR in asked)
        window = self.sides[at].period

        def of(name: Input) -> Placed:
            return self._placed[int(name in asked), at]

        held, bought = of(Input.HELD), of(Input.BOUGHT)
        asks, past = _apart(bought.usage, window, self.calendar)[1], _apart(held.usage, window, self.calendar)[0]
        usage = _with(
            held.usage,
            records=(*held.before, *of(Input.LATE).late, *of(Input.USED).used),
            subaccounts=tuple(dict.fromkeys([*self.sides[0].usage.subaccounts, *self.sides[1].usage.subaccounts])),
            settings=self._settings(held, of(Input.SETTINGS), at),
            **_together(past, asks if held is bought else _renamed(asks, past)),
        )
        plans = lists_of(of(Input.LIST).plans, held.plans, window, self.calendar, same_rules=self._same_rules)
        return Side(plans, usage, window)

    def _differs(self, name: Input) -> bool:
        one, other = self._placed[0, 0], self._placed[1, 0]
        window = self.sides[0].period
        match name:
            case Input.USED:
                return _unlike(one.used, other.used)
            case Input.LATE:
                return _unlike(one.late, other.late)
            case Input.BOUGHT:
                return any(_unlike(a, b) for a, b in self._both(_ASKS, 1))
            case Input.HELD:
                return (
                    _unlike(one.before, other.before)
                    or any(_unlike(a, b) for a, b in self._both(_ASKS, 0))
                    or any(_unlike(a, b) for a, b in self._both(_GIVEN, None))
                    or any(getattr(one.usage, each) != getattr(other.usage, each) for each in _SINCE)
                    or _unlike(one.usage.history or (), other.usage.history or ())
                    or (one.usage.history is None) != (other.usage.history is None)
                    or self._set_before(0) != self._set_before(1)
                )
            case Input.SETTINGS:
                return bool(self._settings_apart(0))
            case Input.LIST:
                return lists_differ(one.plans, other.plans, window, self.calendar)
            case Input.CALENDAR:
                return self.sides[0].period != self.sides[1].period

    def _both(self, fields: tuple[str, ...], part: int | None) -> Iterator[tuple[Any, Any]]:
        """What both sides have of some fields of their data: of what came before the window, or of what is in it."""
        window = self.sides[0].period
        for field in fields:
            pair = [self._placed[side, 0].usage for side in (0, 1)]
            if part is None:
                yield getattr(pair[0], field), getattr(pair[1], field)
            else:
                one, other = (_apart(usage, window, self.calendar)[part][field] for usage in pair)
                yield one, other

    def _set_before(self, side: int) -> list[tuple[str, Instant | None, Any]]:
        """What was set before the window, of settings that are the same in it."""
        start, apart = self.sides[0].period.start, self._settings_apart(0)
        timed = [(each, each.at and self.calendar.instant(each.at)) for each in self._placed[side, 0].usage.settings]
        return [
            (each.setting, at, each.value)
            for each, at in timed
            if each.setting not in apart and (at is None or at < start)
        ]

    def _settings(self, held: Placed, chosen: Placed, at: int) -> tuple[SettingChange, ...]:
        """The settings of one side, but those that differ in the window from the other."""
        if held is chosen:
            return held.usage.settings
        apart = self._settings_apart(at)
        return (
            *(each for each in held.usage.settings if each.setting not in apart),
            *(each for each in chosen.usage.settings if each.setting in apart),
        )

    def _settings_apart(self, at: int) -> frozenset[str]:
        """The settings that have other values at the start of the window, or change otherwise in it."""
        window = self.sides[at].period
        one, other = (_in_force(self._placed[side, at].usage.settings, window, self.calendar) for side in (0, 1))
        return frozenset(name for name in {*one, *other} if one.get(name) != other.get(name))


_ASKS = ("purchases", "extensions", "refunds", "pauses", "withdrawals")
_GIVEN = ("balances", "grants")
_SINCE = ("activated", "opening", "granted", "openings")

Parts = dict[str, tuple[Any, ...]]


def _apart(usage: Usage, window: Period, calendar: Calendar) -> tuple[Parts, Parts]:
    """What was bought and asked for: before a window, and in it."""
    before: Parts = {}
    within: Parts = {}
    for field in _ASKS:
        every = [(calendar.instant(each.start if field == "extensions" else each.at), each)
                 for each in getattr(usage, field)]  # fmt: skip
        before[field] = tuple(each for at, each in every if at < window.start)
        within[field] = tuple(each for at, each in every if window.start <= at < window.end)
    return before, within


def _with(usage: Usage, **parts: Any) -> Usage:
    return replace(usage, **parts)


def _together(before: Parts, within: Parts) -> Parts:
    return {field: (*before[field], *within[field]) for field in _ASKS}


def _renamed(asks: Parts, past: Parts) -> Parts:
    """What was bought under an id that the other side has before, under an id of its own."""
    taken = {each.id for field in ("purchases", "extensions") for each in past[field]}
    new: dict[str, str] = {}
    for each in (*asks["purchases"], *asks["extensions"]):
        if each.id in taken:
            name = each.id
            while name in taken:
                name += "'"
            new[each.id] = name
            taken.add(name)
    return {field: tuple(_with_id(each, new) for each in of) for field, of in asks.items()} if new else asks


def _with_id(asked: Any, new: dict[str, str]) -> Any:
    if isinstance(asked, Request | Withdrawal):
        base, mark, rest = (asked.purchase or "").partition("#")
        return with_fields(asked, purchase=f"{new[base]}{mark}{rest}") if base in new else asked
    assert isinstance(asked, Purchase) or hasattr(asked, "id")
    return with_fields(asked, id=new.get(asked.id, asked.id))


def _in_force(
    settings: tuple[SettingChange, ...], window: Period, calendar: Calendar
) -> dict[str, list[tuple[Instant | None, Any]]]:
    """The value of each setting at the start of a window, and its changes in it."""
    found: dict[str, list[tuple[Instant | None, Any]]] = {}
    timed = [(each.at and calendar.instant(each.at), each) for each in settings]
    for at, each in sorted(timed, key=lambda pair: pair[0] or Instant.MIN):
        if at is None or at <= window.start:
            found[each.setting] = [(None, each.value)]
        elif at < window.end:
            found.setdefault(each.setting, []).append((at, each.value))
    return found


def _unlike(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two lists of an account's data differ, wherever they are written."""
    if one is other:
        return False
    return len(one) != len(other) or any(_plain(a) != _plain(b) for a, b in zip(one, other, strict=True))


def _plain(data: Any) -> Any:
    return with_fields(data, place=_SOMEWHERE) if hasattr(data, "place") else data


_SOMEWHERE = Place(None, 0)  # type: ignore[arg-type]
