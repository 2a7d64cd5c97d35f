"""The figures of meters, pools, limits and balances for machines; `row_figures.figures` is the way in."""

from __future__ import annotations

from whenever import Instant

from ratewright.derivation import trace
from ratewright.explain.machine.exact_values import Data, at, condition, how, in_, instant, key, readings, stretch
from ratewright.quota.balances import Balance
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, plain
from ratewright.values.units import Dimension, Unit, dimension_text


def meter(node: trace.MeterTrace) -> Data:
    """What a meter measured, how, and what became of it."""
    unit = node.meter.unit
    return {
        "unit": unit.singular,
        "measured": in_(node.measured, unit),
        **(
            {}
            if not node.taken_back
            else {"brought": in_(node.brought, unit), "taken_back": in_(node.taken_back, unit)}
        ),
        "records": str(node.records),
        "excluded": [
            {
                "records": str(excluded.records),
                "quantity": in_(excluded.quantity, excluded.unit),
                "unit": excluded.unit.singular,
                "condition": excluded.text,
                "readings": readings(excluded.readings),
            }
            for excluded in node.excluded
        ],
        "subaccounts": [{"name": name, "quantity": in_(used, unit)} for name, used in node.subaccounts],
        "charged": [{"charge": name, "quantity": in_(used, unit)} for name, used in node.charged],
        **({} if not node.keys else {"keys": [{"key": key(k), "quantity": in_(used, unit)} for k, used in node.keys]}),
        **({} if not node.made else {"made": [_made(one, unit) for one in node.made]}),
        **({} if not node.measures else {"measures": [_measure(one, unit) for one in node.measures]}),
    }


def _made(node: trace.MadeTrace, unit: Unit) -> Data:
    return {**stretch(node.of), "quantity": in_(node.quantity, unit), **how(node.how)}


def _measure(node: trace.MeasureTrace, unit: Unit) -> Data:
    return {
        "key": key(node.key),
        "period": stretch(node.period),
        "formula": node.text,
        "records": str(node.records),
        **({} if not node.since else {"since": [{"at": instant(at), "records": str(n)} for at, n in node.since]}),
        "quantity": in_(node.quantity, unit),
        "steps": [_step(step, unit) for step in node.steps],
        "samples": [_taken(taken, unit) for taken in node.samples],
        **how(node.how),
    }


def _step(step: trace.StepTrace, unit: Unit) -> Data:
    shown = _unit(step.dimension, unit)
    value = {"values": _labelled(step.values, shown)} if step.value is None else {"value": in_(step.value, shown)}
    return {"name": step.name, "formula": step.text, "unit": shown.singular, **value, **how(step.how)}


def _taken(taken: trace.TakenTrace, unit: Unit) -> Data:
    match taken:
        case trace.DistinctTrace():
            count = str(taken.count)
            return {"kind": "distinct", "formula": taken.text, "count": count, "values": list(map(str, taken.values))}
        case trace.LevelsTrace():
            shown = _unit(taken.dimension, unit)
            levels = [{**stretch(period), "value": in_(value, shown)} for period, value in taken.stretches]
            return {"kind": "levels", "formula": taken.text, "unit": shown.singular, "levels": levels}
        case trace.SeveralTrace():
            shown = _unit(taken.dimension, unit)
            values = _labelled(taken.values, shown)
            unit_and_count = {"unit": shown.singular, "count": str(taken.count)}
            return {"kind": "several", "formula": taken.text, **unit_and_count, "values": values}
        case trace.SampleTrace():
            shown = _unit(taken.dimension, unit)
            return {
                "kind": "sample",
                "formula": taken.text,
                "unit": shown.singular,
                "count": str(taken.count),
                "rank": str(taken.rank),
                **_labelled(((taken.at, taken.value),), shown)[0],
            }


def _labelled(values: tuple[tuple[trace.Label | None, Exact], ...], unit: Unit) -> list[Data]:
    return [{"of": _label(of), "value": in_(value, unit)} for of, value in values]


def _label(of: trace.Label | None) -> Data | str | None:
    if isinstance(of, Period):
        return stretch(of)
    return instant(of) if isinstance(of, Instant) else of


def _unit(dimension: Dimension, unit: Unit) -> Unit:
    """The meter's unit for figures of its kind, and base units for others."""
    if dimension == unit.dimension:
        return unit
    text = dimension_text(dimension) if dimension else ""
    return Unit(text, text, 1, dimension)


def source(node: trace.SourceTrace) -> Data:
    """What a pool covered of a meter, lot by lot."""
    unit = node.pool.unit
    return {
        "unit": unit.singular,
        "rank": str(node.rank),
        "covered": in_(node.covered, node.unit),
        "covered_unit": node.unit.singular,
        "taken": in_(node.taken, unit),
        "ratios": [
            {
                "value": plain(ratio.value),
                "covered": in_(ratio.covered, node.unit),
                "taken": in_(ratio.taken, unit),
                "rule": ratio.rule.span.place,
            }
            for ratio in node.ratios
        ],
        "lots": [_lot(lot, unit) for lot in node.lots],
        "kept": [{**condition(why), "quantity": in_(amount, node.meter.unit)} for why, amount in node.kept],
    }


def fund(node: trace.FundTrace) -> Data:
    """What became of a pool of money, lot by lot."""
    return {"unit": node.pool.unit.singular, "lots": [_lot(lot, node.pool.unit) for lot in node.lots]}


def _lot(lot: trace.LotTrace, unit: Unit) -> Data:
    return {
        "lot": lot.lot,
        "purchase": lot.purchase,
        "size": in_(lot.size, unit),
        "before": in_(lot.before, unit),
        "drawn": in_(lot.drawn, unit),
        "remaining": in_(lot.remaining, unit),
        "lapsed": in_(lot.lapsed, unit),
        "refunded": in_(lot.refunded, unit),
        "rolled": in_(lot.rolled, unit),
        **how(lot.filled),
        "overdrawn": in_(lot.overdrawn, unit),
        "repaid": in_(lot.repaid, unit),
        "withdrawn_before": in_(lot.withdrawn_before, unit),
        "withdrawals": [
            {
                "at": instant(each.at),
                "quantity": in_(each.quantity, unit),
                "short": in_(each.short, unit),
                "reason": each.reason,
            }
            for each in lot.withdrawals
        ],
        "attributes": key(lot.attributes),
        "purchased": at(lot.purchased),
        "starts": at(lot.starts),
        "expires": at(lot.expires),
        "refunded_at": at(lot.refunded_at),
        "waiting": in_(lot.waiting, unit),
        "settled": at(lot.settled),
        **({} if lot.cut is None else {"cut": _cut(*lot.cut, unit)}),
        **({} if lot.validity is None else {"validity": _validity(*lot.validity)}),
    }


def _validity(starts: Instant | None, expires: Instant | None) -> Data:
    """From when until when all cycles of a lot are valid."""
    return {"starts": at(starts), "expires": at(expires)}


def _cut(days: int, of: int, whole: Exact, unit: Unit) -> Data:
    """The days that a cycle is for, those of a whole one, and the size that this would have."""
    return {"days": str(days), "of": str(of), "whole": in_(whole, unit)}


def unserved(node: trace.UnservedTrace) -> Data:
    """Usage that nothing covered."""
    return {
        "unit": node.meter.unit.singular,
        "quantity": in_(node.quantity, node.meter.unit),
        "conditions": [{"charge": charge.name, **condition(why)} for charge, why in node.conditions],
    }


def limit(node: trace.LimitTrace) -> Data:
    """A limit over time, how well it did, and what would have helped."""
    unit = node.limit.unit
    return {
        "unit": unit.singular,
        "default": in_(node.limit.default, unit),
        "steps": [
            {
                "start": instant(step.start),
                "end": instant(step.end),
                "capacity": in_(step.capacity, unit),
                "extensions": list(step.extensions),
            }
            for step in node.steps
        ],
        "tasks": str(node.tasks),
        "peak": in_(node.peak, unit),
        "peak_at": at(node.peak_at),
        "running": in_(node.running, unit),
        "waited": str(node.waited),
        "stuck": str(node.stuck),
        "waiting_seconds": plain(node.waiting),
        "longest_seconds": plain(node.longest),
        "remedies": [
            {
                "term": remedy.offer.term,
                "terms": [{"start": instant(start), "quantity": in_(amount, unit)} for start, amount in remedy.terms],
                "cost": plain(remedy.cost),
            }
            for remedy in node.remedies
        ],
    }


def balance(node: Balance) -> Data:
    """What is left of a lot."""
    return {
        "unit": node.unit.singular,
        "lot": node.lot,
        "remaining": in_(node.remaining, node.unit),
        "size": in_(node.size, node.unit),
        "starts": at(node.starts),
        "expires": at(node.expires),
        "purchased": at(node.purchased),
        "paid": None if node.paid is None else plain(node.paid),
        "withdrawn": in_(node.withdrawn, node.unit),
        "repaid": in_(node.repaid, node.unit),
        "attributes": key(node.attributes),
    }
