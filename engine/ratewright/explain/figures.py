"""The figures of a trace node for machines, one function for each kind of node that a row can stand for.

Quantities are in the `unit` named beside them, amounts in the bill's currency; both are exact strings.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from whenever import Instant

from ratewright.explain.lines import kind_of
from ratewright.rating import trace
from ratewright.rating.bill import Balance, Line
from ratewright.values.exact import Exact, plain
from ratewright.values.units import Unit, in_unit

Data = dict[str, Any]


def instant(moment: Instant) -> str:
    """`2026-02-28T16:00:00Z`."""
    return moment.format_iso()


def _at(moment: Instant | None) -> str | None:
    return None if moment is None else instant(moment)


def _in(value: Exact, unit: Unit) -> str:
    return plain(in_unit(value, unit))


def _maybe(value: Exact | None, unit: Unit) -> str | None:
    return None if value is None else _in(value, unit)


@singledispatch
def figures(node: object) -> Data:
    """What the node adds to its row's quantity and amount; nothing for kinds that add nothing."""
    return {}


@figures.register
def _(node: Line) -> Data:
    data: Data = {"rule": node.rule.place, **figures(node.why)}
    if node.period is not None:
        data["period"] = {"start": instant(node.period.start), "end": instant(node.period.end)}
    if node.at is not None:
        data["at"] = instant(node.at)
    return data


@figures.register
def _(node: trace.ChargeTrace) -> Data:
    return {
        "unit": node.charge.unit.singular,
        "quantity": _in(node.quantity, node.charge.unit),
        "price": {"form": kind_of(node.price), **figures(node.price)},
        "bounds": [figures(bound) for bound in node.bounds],
        "rounding": figures(node.rounding),
        "condition": None if node.condition is None else figures(node.condition),
    }


@figures.register
def _(node: trace.RateTrace) -> Data:
    return {
        "unit": node.unit.singular,
        "quantity": _in(node.quantity, node.unit),
        "terms": [_term(term, node.unit) for term in node.terms],
        "amount": plain(node.amount),
    }


@figures.register(trace.VolumeTrace)
@figures.register(trace.GraduatedTrace)
def _(node: trace.VolumeTrace | trace.GraduatedTrace) -> Data:
    return {
        "unit": node.unit.singular,
        "quantity": _in(node.quantity, node.unit),
        "tiers": [_tier(tier, node.unit) for tier in node.tiers],
        "amount": plain(node.amount),
    }


def _tier(tier: trace.TierTrace, unit: Unit) -> Data:
    return {
        "lower": _in(tier.lower, unit),
        "lower_inside": tier.lower_inside,
        "upper": _maybe(tier.upper, unit),
        "upper_inside": tier.upper_inside,
        "price": tier.price_text,
        "reached": tier.reached,
        "slice": _in(tier.slice, unit),
        "terms": [_term(term, unit) for term in tier.terms],
        "amount": plain(tier.amount),
        "short_by": _maybe(tier.short_by, unit),
        "amount_there": None if tier.amount_there is None else plain(tier.amount_there),
    }


def _term(term: trace.TermTrace, unit: Unit) -> Data:
    """`price` is money per `unit`, per block, or once."""
    per_unit = kind_of(term.term) == "unit_price"
    return {
        "kind": kind_of(term.term),
        "text": term.text,
        "price": plain(term.price * unit.scale if per_unit else term.price),
        "quantity": _in(term.quantity, unit),
        "blocks": None if term.blocks is None else str(term.blocks),
        "amount": plain(term.amount),
    }


@figures.register
def _(node: trace.FormulaTrace) -> Data:
    return {"formula": node.text, "readings": _readings(node.readings), "amount": plain(node.amount)}


def _readings(readings: tuple[trace.Reading, ...]) -> list[Data]:
    return [{"name": reading.name, "value": reading.text} for reading in readings]


@figures.register
def _(node: trace.BoundTrace) -> Data:
    return {
        "kind": "maximum" if node.largest else "minimum",
        "limit": plain(node.limit),
        "before": plain(node.before),
        "applied": node.applied,
    }


@figures.register
def _(node: trace.RoundingTrace) -> Data:
    return {
        "way": None if node.way is None else node.way.value,
        "step": plain(node.step),
        "before": plain(node.before),
        "after": plain(node.after),
    }


@figures.register
def _(node: trace.ConditionTrace) -> Data:
    return {
        "text": node.text,
        "readings": _readings(node.readings),
        "holds": node.holds,
        "rule": node.span.place,
    }


@figures.register
def _(node: trace.PurchaseTrace) -> Data:
    return {
        "unit": node.row.unit.singular,
        "purchase": node.purchase,
        "count": str(node.count),
        "size": _in(node.row.size, node.row.unit),
        "price": plain(node.row.price),
        "starts": instant(node.starts),
        "expires": _at(node.expires),
        "amount": plain(node.amount),
    }


@figures.register
def _(node: trace.ExtensionTrace) -> Data:
    unit = node.limit.unit
    return {
        "unit": unit.singular,
        "purchase": node.purchase,
        "quantity": _in(node.amount, unit),
        "term": node.offer.term,
        "terms": str(node.terms),
        "price": plain(node.offer.price),
        "start": instant(node.start),
        "end": instant(node.end),
        "amount": plain(node.cost),
    }


@figures.register
def _(node: trace.RefundTrace) -> Data:
    unit = node.pool.unit
    return {
        "unit": unit.singular,
        "purchase": node.purchase,
        "lots": list(node.lots),
        "purchased": instant(node.purchased),
        "request": instant(node.request),
        "granted": node.granted,
        "already": node.already,
        "size": _in(node.size, unit),
        "drawn": _in(node.drawn, unit),
        "paid": plain(node.paid),
        "amount": plain(node.amount),
        "tried": [
            {
                "rule": t.rule.span.place,
                "text": t.rule.span.text,
                "failed": t.failed,
                "deadline": _at(t.deadline),
            }
            for t in node.tried
        ],
    }


@figures.register
def _(node: trace.PauseTrace) -> Data:
    rule = None if node.rule is None else node.rule.place
    return {"purchase": node.purchase, "request": instant(node.request), "granted": False, "rule": rule}


@figures.register
def _(node: trace.MeterTrace) -> Data:
    unit = node.meter.unit
    return {
        "unit": unit.singular,
        "measured": _in(node.measured, unit),
        "records": str(node.records),
        "excluded": [
            {
                "records": str(excluded.records),
                "quantity": _in(excluded.quantity, unit),
                "condition": excluded.text,
                "readings": _readings(excluded.readings),
            }
            for excluded in node.excluded
        ],
        "subaccounts": [{"name": name, "quantity": _in(used, unit)} for name, used in node.subaccounts],
        "charged": [{"charge": name, "quantity": _in(used, unit)} for name, used in node.charged],
    }


@figures.register
def _(node: trace.SourceTrace) -> Data:
    unit = node.pool.unit
    return {
        "unit": unit.singular,
        "rank": str(node.rank),
        "covered": _in(node.covered, unit),
        "lots": [_lot(lot, unit) for lot in node.lots],
        "condition": None if node.condition is None else figures(node.condition),
    }


def _lot(lot: trace.LotTrace, unit: Unit) -> Data:
    return {
        "lot": lot.lot,
        "purchase": lot.purchase,
        "size": _in(lot.size, unit),
        "before": _in(lot.before, unit),
        "drawn": _in(lot.drawn, unit),
        "remaining": _in(lot.remaining, unit),
        "lapsed": _in(lot.lapsed, unit),
        "refunded": _in(lot.refunded, unit),
        "purchased": _at(lot.purchased),
        "starts": _at(lot.starts),
        "expires": _at(lot.expires),
        "refunded_at": _at(lot.refunded_at),
    }


@figures.register
def _(node: trace.UnservedTrace) -> Data:
    return {
        "unit": node.meter.unit.singular,
        "quantity": _in(node.quantity, node.meter.unit),
        "conditions": [{"charge": charge.name, **figures(condition)} for charge, condition in node.conditions],
    }


@figures.register
def _(node: trace.LimitTrace) -> Data:
    unit = node.limit.unit
    return {
        "unit": unit.singular,
        "default": _in(node.limit.default, unit),
        "steps": [
            {
                "start": instant(step.start),
                "end": instant(step.end),
                "capacity": _in(step.capacity, unit),
                "extensions": list(step.extensions),
            }
            for step in node.steps
        ],
        "tasks": str(node.tasks),
        "peak": _in(node.peak, unit),
        "peak_at": _at(node.peak_at),
        "running": _in(node.running, unit),
        "waited": str(node.waited),
        "stuck": str(node.stuck),
        "waiting_seconds": plain(node.waiting),
        "longest_seconds": plain(node.longest),
        "remedies": [
            {
                "term": remedy.offer.term,
                "terms": [{"start": instant(start), "quantity": _in(amount, unit)} for start, amount in remedy.terms],
                "cost": plain(remedy.cost),
            }
            for remedy in node.remedies
        ],
    }


@figures.register
def _(node: Balance) -> Data:
    return {
        "unit": node.unit.singular,
        "lot": node.lot,
        "remaining": _in(node.remaining, node.unit),
        "size": _in(node.size, node.unit),
        "starts": _at(node.starts),
        "expires": _at(node.expires),
        "purchased": _at(node.purchased),
        "paid": None if node.paid is None else plain(node.paid),
    }
