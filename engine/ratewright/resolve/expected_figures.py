"""The figures of finished bills by the names that expectations use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from ratewright.meaning import nodes as n
from ratewright.meaning.sums import DUE, SUMS
from ratewright.meaning.types import DURATION, PLAIN_NUMBER, UNKNOWN, Type, figure
from ratewright.meaning.walk import Identity, parts
from ratewright.resolve.scope import Maker, Scope, given
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.units import NUMBER, currency_unit

_OF_A_BILL = (*SUMS, DUE)


def outcome_scope(tariff: n.Tariff, labels: Mapping[str, str]) -> Scope:
    """The names in an expectation. `labels` are the purchases at hand and the package or limit of each."""
    return _scope(tariff, labels) if labels else _scope_without_purchases(Identity(tariff))


@lru_cache(maxsize=4)
def _scope_without_purchases(tariff: Identity) -> Scope:
    return _scope(tariff.node, {})


def _scope(tariff: n.Tariff, labels: Mapping[str, str]) -> Scope:
    money = figure(currency_unit(tariff.currency).dimension)
    packages = [p.name for p in tariff.pools.values() if p.kind is n.PoolKind.PACKAGE]
    lines = [*tariff.charges, *packages, *tariff.limits]
    meters = {name: figure(meter.unit.dimension) for name, meter in tariff.meters.items()}
    names: dict[str, Maker] = {name: given(n.SumOfLines, name, money) for name in _OF_A_BILL}
    names |= {name: given(n.LineAmount, name, money) for name in lines}
    names |= {name: given(n.Measured, name, type_) for name, type_ in meters.items()}
    pools = {name: figure(pool.unit.dimension) for name, pool in tariff.pools.items()}
    lots = {label: pools[of] for label, of in labels.items() if of in pools} | pools
    bought = [label for label, of in labels.items() if of in packages]
    limits = tariff.limits
    functions: dict[str, Mapping[str, Maker]] = {
        "drawn": _figures("drawn", lots.items()),
        "left": _figures("left", lots.items()),
        "refunded": _figures("refunded", ((name, money) for name in (*bought, *packages))),
        "unserved": _figures("unserved", meters.items()),
        "covered": _figures("covered", _covered(tariff, meters, money)),
        "slice": _figures("slice", ((key, money) for key in _slices(tariff))),
        "peak": _figures("peak", ((name, figure(limit.unit.dimension)) for name, limit in limits.items())),
        "waiting": _figures("waiting", ((name, DURATION) for name in limits)),
        "waited": _figures("waited", ((name, PLAIN_NUMBER) for name in limits)),
        "exact": {
            **_figures("exact", ((name, money) for name in _OF_A_BILL)),
            **{name: given(n.LineExact, name, money) for name in lines},
        },
    }
    attributes = _attributes(tariff)
    place = "in an expectation"
    # Aggregations take the values of a step; single records are not known any more.
    return Scope(place, names, functions, attributes, records=Scope(place, attributes=attributes))


def resolve_expectation(node: s.Expression, scope: Scope, expressions: Expressions) -> n.Expression:
    """A condition on the figures of bills."""
    condition = expressions.condition(node, scope)
    aggregated = {id(part.operand) for part in parts(condition) if isinstance(part, n.Aggregate)}
    for part in parts(condition):
        if part.type.many and id(part) not in aggregated:
            expressions.report.error(
                "R205",
                f"`{part.span.text}` has several values",
                part.span,
                f"ask for one of them, or for all together: `highest({part.span.text})`, `sum({part.span.text})`",
            )
            return n.Constant(node.span, UNKNOWN, 0)
        over_records = isinstance(part, n.Aggregate) and (part.operand is None or not part.operand.type.many)
        if over_records or isinstance(part, n.Series):
            expressions.report.error(
                "R208",
                f"`{part.span.text}` is of records, and an expectation knows figures only",
                part.span,
                "name it in the meter, `define daily_peak = …`, and expect `METER.daily_peak`",
            )
            return n.Constant(node.span, UNKNOWN, 0)
    return condition


def _figures(function: str, arguments: Iterable[tuple[str, Type]]) -> dict[str, Maker]:
    """The figures `function(argument)` by their arguments."""
    return {name: given(n.Outcome, f"{function}({name})", type_) for name, type_ in arguments}


def _covered(tariff: n.Tariff, meters: Mapping[str, Type], money: Type) -> Iterator[tuple[str, Type]]:
    """What may be paid for and by which pool: `traffic, package`."""
    for name, deduction in tariff.deductions.items():
        for pool in (pool for rank in deduction.pools for pool in rank):
            yield f"{name}, {pool}", meters.get(name, money)


def _slices(tariff: n.Tariff) -> Iterator[str]:
    """The rows of graduated and volume prices: `fee, 2`."""
    for name, charge in tariff.charges.items():
        if isinstance(charge.form, n.Volume | n.Graduated):
            yield from (f"{name}, {number}" for number in range(1, _rows(charge.form) + 1))


def _rows(form: n.Volume | n.Graduated) -> int:
    """How many rows there are; the most that any key has, where a table's are chosen."""
    if form.rows is None:
        return len(form.tiers)
    tables = [part for part in parts(form.rows) if isinstance(part, n.RowsOf)]
    return max((len(tiers) for table in tables for tiers in table.columns.values()), default=0)


def _attributes(tariff: n.Tariff) -> dict[str, Mapping[str, Maker]]:
    """What stands behind a dot: `fee.quantity`, and the steps of meters."""
    found: dict[str, Mapping[str, Maker]] = {}
    for name, charge in tariff.charges.items():
        dimension = charge.on.type.dimension if charge.on is not None else NUMBER
        found[name] = {"quantity": given(n.LineQuantity, name, figure(dimension))}
    for name, meter in tariff.meters.items():
        if meter.steps:
            found[name] = {step.name: given(n.StepValue, f"{name}.{step.name}", step.type) for step in meter.steps}
    return found
