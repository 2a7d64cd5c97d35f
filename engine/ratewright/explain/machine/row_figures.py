"""The figures of a trace node for machines, one function for each kind of node that a row can stand for.

Quantities are in the `unit` named beside them, amounts in the bill's currency; both are exact strings.
"""

from __future__ import annotations

from functools import singledispatch

from ratewright.derivation import trace
from ratewright.explain.machine import usage_figures
from ratewright.explain.machine.exact_values import (
    Data,
    arithmetic,
    at,
    condition,
    how,
    in_,
    instant,
    key,
    maybe,
    readings,
    stretch,
)
from ratewright.explain.rows.line_rows import kind_of
from ratewright.quota.balances import Balance
from ratewright.rating.bill import Line
from ratewright.values.exact import plain
from ratewright.values.units import Unit


@singledispatch
def figures(node: object) -> Data:
    """What the node adds to its row's quantity and amount; nothing for kinds that add nothing."""
    return {}


@figures.register
def _(node: Line) -> Data:
    data: Data = {"rule": node.rule.place, **figures(node.why)}
    if node.key:
        data["key"] = key(node.key)
    if node.period is not None:
        data["period"] = stretch(node.period)
    if node.at is not None:
        data["at"] = instant(node.at)
    return data


@figures.register
def _(node: trace.ChargeTrace) -> Data:
    return {
        "unit": node.charge.unit.singular,
        "quantity": in_(node.quantity, node.charge.unit),
        "price": {"form": kind_of(node.price), **figures(node.price)},
        "bounds": [figures(bound) for bound in node.bounds],
        "rounding": figures(node.rounding),
        "condition": None if node.condition is None else figures(node.condition),
        **({} if node.on is None else {"on": arithmetic(node.on)}),
        **({} if node.share is None else {"share": figures(node.share)}),
        **({} if node.billed_before is None else _so_far(node)),
        **({} if not node.spread else {"spread": [figures(share) for share in node.spread]}),
        **({} if not node.less else {"less": [figures(less) for less in node.less]}),
        **({} if node.next_row is None else {"next_row": figures(node.next_row)}),
        **({} if node.used is None else {"used": in_(node.used, node.charge.unit)}),
        **({} if node.contract is None else {"contract": figures(node.contract)}),
    }


def _so_far(node: trace.ChargeTrace) -> Data:
    """What the whole period comes to so far, and what earlier bills hold of it."""
    assert node.billed_before is not None and node.period is not None
    quantity = in_(node.quantity, node.charge.unit)
    billed = {"amount": plain(node.rounding.after), "billed_before": plain(node.billed_before)}
    return {"so_far": {"period": stretch(node.period), "quantity": quantity, **billed}}


@figures.register
def _(node: trace.ContractTrace) -> Data:
    factor = {} if node.factor is None else {"factor": plain(node.factor), "before": plain(node.before)}
    return {
        "listed": node.known,
        "list_amount": None if node.by_list is None else plain(node.by_list),
        **({} if node.on is None else {"list_on": plain(node.on)}),
        **factor,
        "changes": [
            {
                "operation": change.operation.value,
                "contract": change.contract,
                "before": change.before,
                "after": change.after,
                "rule": change.span.place,
            }
            for change in node.changes
        ],
    }


@figures.register
def _(node: trace.ProrationTrace) -> Data:
    days = {} if node.days is None else {"days": str(node.days), "of": str(node.of)}
    amounts = {"ratio": plain(node.ratio), "before": plain(node.before), "after": plain(node.after)}
    return {**days, **amounts, **how(node.how)}


@figures.register
def _(node: trace.ShareTrace) -> Data:
    return {
        "source": node.source,
        "key": key(node.key),
        "period": stretch(node.period),
        "amount": plain(node.amount),
        "share": plain(node.share),
    }


@figures.register
def _(node: trace.LessTrace) -> Data:
    return {"line": node.line.name, "discount": node.discount.name, "share": plain(node.share)}


@figures.register
def _(node: trace.AwayTrace) -> Data:
    period = {} if node.period is None else {"period": stretch(node.period)}
    return {"key": key(node.key), **period, "condition": condition(node.condition)}


@figures.register
def _(node: trace.PaymentTrace) -> Data:
    left = node.left or (None,) * len(node.lots)
    return {
        "target": node.target,
        "before": plain(node.before),
        "lots": [
            {"lot": lot, "drawn": plain(drawn), "remaining": None if rest is None else plain(rest)}
            for (lot, drawn), rest in zip(node.lots, left, strict=True)
        ],
        "amount": plain(node.amount),
    }


@figures.register
def _(node: trace.CorrectionTrace) -> Data:
    return {
        "period": stretch(node.period),
        "billed": plain(node.billed),
        "owed": plain(node.owed),
        "corrects": node.corrects,
        "records": str(len(node.own)),
        "late": [late(record) for record in node.late],
        **({} if node.contract is None else {"contract": figures(node.contract)}),
        **({} if node.why is None else {"why": figures(node.why)}),
    }


def late(record: trace.LateRecord) -> Data:
    """Usage that was reported late."""
    quantity = {"quantity": in_(record.quantity, record.unit), "unit": record.unit.singular}
    return {
        "id": record.id,
        "meter": record.meter,
        **stretch(record.of),
        "reported": instant(record.reported),
        **quantity,
    }


@figures.register
def _(node: trace.RateTrace) -> Data:
    return {
        "unit": node.unit.singular,
        "quantity": in_(node.quantity, node.unit),
        "terms": [_term(term, node.unit) for term in node.terms],
        "amount": plain(node.amount),
    }


@figures.register
def _(node: trace.IncludedTrace) -> Data:
    return {
        "unit": node.unit.singular,
        "quantity": in_(node.quantity, node.unit),
        "rate": plain(node.rate),
        "gross": plain(node.gross),
        "amount": plain(node.amount),
    }


@figures.register(trace.VolumeTrace)
@figures.register(trace.GraduatedTrace)
def _(node: trace.VolumeTrace | trace.GraduatedTrace) -> Data:
    return {
        "unit": node.unit.singular,
        "quantity": in_(node.quantity, node.unit),
        "tiers": [_tier(tier, node.unit) for tier in node.tiers],
        "amount": plain(node.amount),
        **({} if node.rows is None else {"rows": arithmetic(node.rows)}),
        **_picked(node),
    }


@figures.register
def _(node: trace.BlocksTrace) -> Data:
    return {
        "unit": node.unit.singular,
        "quantity": in_(node.quantity, node.unit),
        "block": in_(node.rule.size, node.unit),
        "blocks": [
            {
                "count": str(block.count),
                "quantity": in_(block.quantity, node.unit),
                "price": {"form": kind_of(block.price), **figures(block.price)},
                "bound": figures(block.bound),
                "amount": plain(block.amount),
            }
            for block in node.blocks
        ],
        "amount": plain(node.amount),
    }


def _picked(node: trace.VolumeTrace | trace.GraduatedTrace) -> Data:
    """The quantity that picks the tier, where it is another than the one that is priced."""
    if isinstance(node, trace.VolumeTrace) and node.charged_as is not None:
        others = [
            {"quantity": in_(o.quantity, node.unit), "price": o.tier.price_text, "amount": plain(o.amount)}
            for o in node.others
        ]
        return {"charged_as": in_(node.charged_as, node.unit), "others": others}
    if isinstance(node, trace.GraduatedTrace) or node.picked_by is None:
        return {}
    by = {} if node.picked_how is None else {"picked_how": arithmetic(node.picked_how)}
    return {"picked_by": in_(node.picked_by, node.unit), **by}


def _tier(tier: trace.TierTrace, unit: Unit) -> Data:
    return {
        "lower": in_(tier.lower, unit),
        "lower_inside": tier.lower_inside,
        "upper": maybe(tier.upper, unit),
        "upper_inside": tier.upper_inside,
        "price": tier.price_text,
        "reached": tier.reached,
        "slice": in_(tier.slice, unit),
        "terms": [_term(term, unit) for term in tier.terms],
        "amount": plain(tier.amount),
        "short_by": maybe(tier.short_by, unit),
        **({} if tier.bound is None else {"bound": arithmetic(tier.bound)}),
    }


def _term(term: trace.TermTrace, unit: Unit) -> Data:
    """`price` is money per `unit`, per block, or once; below 0 where the term is taken off."""
    per_unit = kind_of(term.term) == "unit_price"
    price = term.term.sign * term.price
    return {
        "kind": kind_of(term.term),
        "text": term.text,
        "price": plain(price * unit.scale if per_unit else price),
        "quantity": in_(term.quantity, unit),
        "blocks": None if term.blocks is None else str(term.blocks),
        "amount": plain(term.amount),
        **how(term.how),
    }


@figures.register
def _(node: trace.NextRowTrace) -> Data:
    return {
        "unit": node.unit.singular,
        "more": in_(node.more, node.unit),
        "exactly": node.exactly,
        "price": node.tier.price_text,
        "amount": plain(node.amount),
        "less": node.less,
        "just_over": node.just_over,
    }


@figures.register
def _(node: trace.FormulaTrace) -> Data:
    return {**arithmetic(node.how), "amount": plain(node.amount)}


@figures.register
def _(node: trace.BoundTrace) -> Data:
    return {
        "kind": "maximum" if node.largest else "minimum",
        "limit": plain(node.limit),
        "before": plain(node.before),
        "applied": node.applied,
        **how(node.how),
        **({} if node.share is None else {"share": figures(node.share)}),
        **({} if node.within is None else {"within": figures(node.within)}),
    }


@figures.register
def _(node: trace.WithinTrace) -> Data:
    amounts = {"most": plain(node.most), "billed": plain(node.billed), "left": plain(node.left)}
    return {"period": stretch(node.period), **amounts}


@figures.register
def _(node: trace.RoundingTrace) -> Data:
    return {
        "way": None if node.way is None else node.way.value,
        "step": plain(node.step),
        "before": plain(node.before),
        "after": plain(node.after),
    }


@figures.register
def _(node: trace.PurchaseTrace) -> Data:
    return {
        "unit": node.row.unit.singular,
        "purchase": node.purchase,
        "count": str(node.count),
        "size": in_(node.row.size, node.row.unit),
        "price": plain(node.row.price),
        "starts": instant(node.starts),
        "expires": at(node.expires),
        "listed": plain(node.listed),
        "rounding": figures(node.rounding),
        "amount": plain(node.rounding.after),
        **({} if not node.attributes else {"attributes": key(node.attributes)}),
        **({} if node.contract is None else {"contract": figures(node.contract)}),
    }


@figures.register
def _(node: trace.ExtensionTrace) -> Data:
    unit = node.limit.unit
    return {
        "unit": unit.singular,
        "purchase": node.purchase,
        "quantity": in_(node.amount, unit),
        "term": node.offer.term,
        "terms": str(node.terms),
        "price": plain(node.offer.price),
        "start": instant(node.start),
        "end": instant(node.end),
        "rounding": figures(node.rounding),
        "amount": plain(node.rounding.after),
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
        "size": in_(node.size, unit),
        "drawn": in_(node.drawn, unit),
        "returned": in_(node.returned, unit),
        "paid": plain(node.paid),
        "amount": plain(node.amount),
        "tried": [
            {
                "rule": t.rule.span.place,
                "text": t.rule.span.text,
                "failed": t.failed,
                "deadline": at(t.deadline),
                **({} if not t.readings else {"readings": readings(t.readings)}),
            }
            for t in node.tried
        ],
        **how(node.how),
    }


@figures.register
def _(node: trace.PauseTrace) -> Data:
    rule = None if node.rule is None else node.rule.place
    return {"purchase": node.purchase, "request": instant(node.request), "granted": False, "rule": rule}


figures.register(trace.ConditionTrace, condition)
figures.register(trace.MeterTrace, usage_figures.meter)
figures.register(trace.SourceTrace, usage_figures.source)
figures.register(trace.FundTrace, usage_figures.fund)
figures.register(trace.UnservedTrace, usage_figures.unserved)
figures.register(trace.LimitTrace, usage_figures.limit)
figures.register(Balance, usage_figures.balance)
