"""The functions of the language, and what to say where one is used wrongly."""

from __future__ import annotations

from collections.abc import Collection

from ratewright.advice.foreign_functions import FUNCTIONS
from ratewright.advice.words import listed
from ratewright.diagnostics import Span, did_you_mean
from ratewright.formula.aggregations import AGGREGATIONS
from ratewright.meaning import nodes as n
from ratewright.resolve.scope import Scope
from ratewright.values.calendar import PeriodUnit

PERIOD_FUNCTIONS = {unit.value: unit for unit in PeriodUnit if not unit.alone and unit is not PeriodUnit.MINUTE}
"""Functions that give the period around an instant."""

PRICED = ("graduated", "volume")
"""Functions that price a quantity by the rows of a table."""

_AGGREGATIONS = {kind.value: kind for kind in AGGREGATIONS}


def aggregation_named(name: str) -> n.Aggregation | None:
    """The aggregation of a name, if it is one."""
    return _AGGREGATIONS.get(name)


def wrong_use(name: str, scope: Scope, span: Span, tables: Collection[str] = ()) -> tuple[str, Span, str]:
    """Message, place and remedy for a function that cannot be used here. `tables` are names of tables."""
    known = [
        "max",
        "min",
        "days",
        "length",
        "time",
        "weekday",
        "month",
        *PRICED,
        *(("place",) if "lasted" in scope.names else ()),
        *scope.functions,
        *(_AGGREGATIONS if scope.records else ()),
    ]
    if name == "place":
        return (
            f"`place( )` asks which record one is, and there is none {scope.place}",
            span,
            "give it a name in the meter, `define nth = place(month(at))` for quotas and lines `every record`",
        )
    if name in _AGGREGATIONS and "quantity" in scope.names and "times" in scope.names:
        return (
            f"`{name}( )` goes over all records, and here a single one is at hand",
            span,
            "aggregate once, or first for each day: `highest(sum(quantity) each day)`",
        )
    if name in _AGGREGATIONS:
        return (
            f"`{name}( )` works on records, and there are none {scope.place}",
            span,
            "aggregate in the meter's `measure`",
        )
    if name.lower() in (*known, *_AGGREGATIONS) and name != name.lower():
        return (f"there is no function `{name}`", span, f"write `{name.lower()}( )`: functions are in small letters")
    if name in PERIOD_FUNCTIONS:
        return (
            f"`{name}( )` is a period, not a value",
            span,
            "the time of the day is `time(…)`: `time(at) < 7 hours`"
            if name == "hour" and "at" in scope.names
            else f"write `start of {name}(…)` or `end of {name}(…)`",
        )
    if name in tables:
        return (f"`{name}` is a table", span, f"write `{name}[…]` with its keys")
    help = FUNCTIONS.get(name.lower()) or did_you_mean(name.lower(), known)
    help = help or f"there are {listed([f'`{k}`' for k in known], 'and')}"
    return (f"there is no function `{name}` {scope.place}", span, help)
