"""What the tests of formulas share: formulas as text, records by the minute, and an observer that keeps every event."""

from __future__ import annotations

from typing import Any

from whenever import Instant

from ratewright.diagnostics import Source
from ratewright.formula.given import CALENDAR, HISTORY, RECORDS
from ratewright.formula.interpreter import observe
from ratewright.formula.observer import Observer, Taken
from ratewright.formula.series import period_facts
from ratewright.meaning import nodes as n
from ratewright.meaning.types import INSTANT, PLAIN_NUMBER, TEXT
from ratewright.resolve.findings import Report
from ratewright.resolve.meters import record_scope
from ratewright.resolve.scope import Scope, given
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax.parser import parse_expression
from ratewright.values.calendar import Calendar, Period, calendar_of
from ratewright.values.units import PLAIN, builtin_units

BERLIN = calendar_of("Europe/Berlin")
UTC = calendar_of("UTC")
START = Instant.from_utc(2026, 3, 1)
MARCH = Period(START, Instant.from_utc(2026, 4, 1))

_FIELDS = tuple(
    n.Field(n.Span(Source("fields", ""), 0, 0), name, type_, None, None)
    for name, type_ in (("x", PLAIN_NUMBER), ("kind", TEXT))
)
_SETTINGS = {
    "a": given(n.SettingValue, "a", PLAIN_NUMBER),
    "b": given(n.SettingValue, "b", PLAIN_NUMBER),
    "name": given(n.SettingValue, "name", TEXT),
    "first": given(n.SettingValue, "first", INSTANT),
    "second": given(n.SettingValue, "second", INSTANT),
}
_PERIOD = {"period": given(n.PeriodFact, "period", PLAIN_NUMBER)}


def formula(text: str) -> n.Expression:
    """A formula on the records of a period, and on the settings `a`, `b`, `name`, `first` and `second`."""
    found, problems = parse_expression(Source("formula", text))
    assert found is not None, problems
    report = Report()
    scope = Scope("in a test", {**_SETTINGS, **_PERIOD}, records=record_scope(_FIELDS, PLAIN, _SETTINGS, {}))
    made = Expressions(report, builtin_units(1000), UTC).resolve(found, scope)
    assert not report.diagnostics, report.diagnostics
    return made


def record(minute: int, x: Any = 0, kind: str = "k", until: int | None = None, lasted: Any = 0) -> dict[str, Any]:
    """A record of so many minutes after the start of March, with its fields; a state where `until` is given."""
    at = START.add(minutes=minute)
    end = START.add(minutes=until) if until is not None else None
    facts = {"record:at": at, "record:until": end, "record:lasted": lasted, "record:quantity": x, "record:times": 1}
    return {**facts, "field:x": x, "field:kind": kind, CALENDAR: UTC}


def values(records: list[dict[str, Any]] = [], calendar: Calendar = UTC, **settings: Any) -> dict[str, Any]:  # noqa: B006
    """The values of March with its records, and settings by name."""
    within = [r for r in records if MARCH.start <= r["record:at"] < MARCH.end]
    given_settings = {f"setting:{name}": value for name, value in settings.items()}
    return {**period_facts(MARCH, UTC), CALENDAR: calendar, RECORDS: within, HISTORY: records, **given_settings}


class Everything(Observer):
    """Keeps every event, in order."""

    def __init__(self) -> None:
        self.values: list[tuple[n.Expression, Any]] = []
        self.turns: list[tuple[n.Expression, n.Expression]] = []
        self.cells: list[n.Cell] = []
        self.rows: list[tuple[n.Tier, ...]] = []
        self.places: list[n.TableKey] = []
        self.taken: list[tuple[n.Aggregate, Taken]] = []

    def passed(self, node: n.Expression, value: Any) -> None:
        self.values.append((node, value))

    def turned(self, node: n.Expression, part: n.Expression) -> None:
        self.turns.append((node, part))

    def reached(self, node: n.Lookup, cell: n.Cell, place: n.TableKey) -> None:
        self.cells.append(cell)
        self.places.append(place)

    def chose(self, node: n.RowsOf, rows: tuple[n.Tier, ...], place: n.TableKey) -> None:
        self.rows.append(rows)
        self.places.append(place)

    def took(self, node: n.Aggregate, taken: Taken) -> None:
        self.taken.append((node, taken))


def watched(node: n.Expression, given_values: dict[str, Any]) -> tuple[Any, Everything]:
    """The value of a formula, and everything that an observer saw."""
    seen = Everything()
    return observe(node, given_values, seen), seen
