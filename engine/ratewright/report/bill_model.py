"""Bill → its JSON model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whenever import Instant

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.quota.balances import Balance
from ratewright.rating.bill import Bill, Line, LineKind, MadeFrom, Statement
from ratewright.report import bill_schema as m
from ratewright.report.line_prices import tax_rate, unit_price
from ratewright.report.short_reasons import refusal_reason, unserved_reason
from ratewright.values.calendar import Calendar, Period
from ratewright.values.exact import Exact, plain
from ratewright.values.money import amount_plain, amount_text
from ratewright.values.units import in_unit


def bill_model(bill: Bill) -> m.BillModel:
    """The model of one bill."""
    calendar, currency = bill.calendar, bill.tariff.currency
    effective = bill.tariff.effective
    return m.BillModel(
        account=bill.account,
        fields=dict(bill.fields) or None,
        tariff=bill.tariff.name,
        price_list=m.TariffModel(
            name=bill.tariff.name,
            title=bill.tariff.title,
            effective=effective.format_iso() if effective else None,
            file=bill.tariff.file.name,
            contracts=list(bill.tariff.contract.titles) or None if bill.tariff.contract is not None else None,
        ),
        period=_period(bill.period, calendar),
        currency=currency,
        timezone=bill.tariff.timezone,
        tzdata=bill.tzdata,
        charges=amount_plain(bill.charges, currency),
        subtotal=amount_plain(bill.subtotal, currency),
        corrections=amount_plain(bill.corrections, currency) if _corrected(bill) else None,
        total=amount_plain(bill.total, currency),
        due=amount_plain(bill.due, currency),
        lines=[_line(line, bill) for line in bill.lines],
        shares=[_account_share(share, currency) for share in bill.shares] or None,
        unserved=[_unserved(u, bill.tariff) for u in bill.unserved],
        balances=[_balance(b, calendar, currency) for b in bill.balances],
        withdrawals=list(_withdrawals(bill)) or None,
        refusals=[_refusal(r, calendar) for r in bill.refusals],
        limits=[_limit(x, calendar) for x in bill.limits],
        late=[_late(record, calendar) for record in bill.late] or None,
        made_from=_made_from(bill.made_from),
        invoiced=[day.format_iso() for day in bill.invoiced] if bill.invoiced else [],
    )


def _made_from(made: MadeFrom | None) -> m.MadeFromModel | None:
    if made is None:
        return None
    return m.MadeFromModel(
        engine=made.engine, files=[m.FileModel(file=name, sha256=digest) for name, digest in made.files]
    )


def _late(record: trace.LateRecord, calendar: Calendar) -> m.LateModel:
    return m.LateModel(
        id=record.id,
        meter=record.meter,
        **_period(record.of, calendar).model_dump(),
        reported=_moment(record.reported, calendar),
        quantity=plain(in_unit(record.quantity, record.unit)),
        unit=record.unit.plural,
    )


def _corrected(bill: Bill) -> bool:
    return any(line.kind is LineKind.CORRECTION for line in bill.lines)


def statement_model(statement: Statement) -> m.StatementModel:
    """The model of a statement."""
    return m.StatementModel(
        account=statement.account,
        tariff=statement.tariff.name,
        period=_period(statement.period, statement.calendar),
        currency=statement.tariff.currency,
        total=amount_plain(statement.total, statement.tariff.currency),
        due=amount_plain(statement.due, statement.tariff.currency),
        bills=[bill_model(b) for b in statement.bills],
    )


def _time(instant: Instant | None, calendar: Calendar) -> str | None:
    return None if instant is None else calendar.local(instant).to_fixed_offset().format_iso()


def _moment(instant: Instant, calendar: Calendar) -> str:
    return calendar.local(instant).to_fixed_offset().format_iso()


def _period(period: Period, calendar: Calendar) -> m.PeriodModel:
    return m.PeriodModel(start=_moment(period.start, calendar), end=_moment(period.end, calendar))


def _line(line: Line, bill: Bill) -> m.LineModel:
    currency = bill.tariff.currency
    return m.LineModel(
        kind=line.kind.value,
        source=line.source,
        label=line.label,
        key=dict(line.key) or None,
        corrects=line.why.corrects if isinstance(line.why, trace.CorrectionTrace) else None,
        pays=line.why.target if isinstance(line.why, trace.PaymentTrace) else None,
        spread=_shares(line, bill),
        quantity=plain(in_unit(line.quantity, line.unit)),
        so_far=None if line.so_far is None else plain(in_unit(line.so_far, line.unit)),
        unit=line.unit.plural,
        unit_price=_plain(unit_price(line, currency)),
        tax_rate=_plain(tax_rate(line)),
        exact=amount_plain(line.exact, currency),
        amount=amount_plain(line.amount, currency),
        **_by_list(line, currency),
        at=_time(line.at, bill.calendar),
        period=_period(line.period, bill.calendar) if line.period else None,
        rule=m.RuleModel(file=line.rule.source.name, line=line.rule.line),
    )


def _plain(value: Exact | None) -> str | None:
    return None if value is None else plain(value)


def _by_list(line: Line, currency: str) -> dict[str, Any]:
    """What the list asks of a line under a contract, and what makes the difference; nothing elsewhere."""
    why = line.contract
    if why is None:
        return {}
    changes = [
        m.ChangeModel(
            operation=change.operation.value,
            contract=change.contract,
            before=change.before,
            after=change.after,
            rule=m.RuleModel(file=change.span.source.name, line=change.span.line),
        )
        for change in why.changes
    ]
    listed = None if why.by_list is None else amount_plain(why.by_list, currency)
    return {"list_amount": listed, "contract": changes}


def _shares(line: Line, bill: Bill) -> list[m.ShareModel] | None:
    why = line.why
    if not isinstance(why, trace.ChargeTrace) or not why.spread:
        return None
    currency = bill.tariff.currency
    return [
        m.ShareModel(
            source=share.source,
            key=dict(share.key) or None,
            period=_period(share.period, bill.calendar),
            amount=amount_plain(share.amount, currency),
            share=amount_plain(share.share, currency),
        )
        for share in why.spread
    ]


def _balance(balance: Balance, calendar: Calendar, currency: str) -> m.BalanceModel:
    unit = balance.unit
    return m.BalanceModel(
        source=balance.source,
        lot=balance.lot,
        remaining=plain(in_unit(balance.remaining, unit)),
        unit=unit.plural,
        size=plain(in_unit(balance.size, unit)),
        starts=_time(balance.starts, calendar),
        expires=_time(balance.expires, calendar),
        purchased=_time(balance.purchased, calendar),
        paid=_money(balance.paid, currency),
        list_price=_money(balance.list_price, currency),
        attributes=dict(balance.attributes) or None,
        drawn=plain(in_unit(balance.drawn, unit)) if balance.drawn is not None else None,
        withdrawn=plain(in_unit(balance.withdrawn, unit)) if balance.withdrawn else None,
        repaid=plain(in_unit(balance.repaid, unit)) if balance.repaid else None,
        valid_from=_time(balance.valid_from, calendar),
        valid_until=_time(balance.valid_until, calendar),
    )


def _money(amount: Exact | None, currency: str) -> str | None:
    return amount_text(amount, currency).replace(",", "") if amount is not None else None


def _withdrawals(bill: Bill) -> Iterator[m.WithdrawalModel]:
    """What was taken back of each lot; several meters may draw from one."""
    sources = [source for meter in bill.meters for source in meter.sources]
    holders: list[trace.SourceTrace | trace.FundTrace] = [*sources, *bill.funds]
    lots = {lot.lot: (holder.pool, lot) for holder in holders for lot in holder.lots}
    for pool, lot in lots.values():
        for each in lot.withdrawals:
            quantity = plain(in_unit(each.quantity, pool.unit))
            at = _moment(each.at, bill.calendar)
            yield m.WithdrawalModel(
                source=pool.name, lot=lot.lot, at=at, quantity=quantity, unit=pool.unit.plural, reason=each.reason
            )


def _account_share(share: trace.AccountShare, currency: str) -> m.AccountShareModel:
    unit = share.meter.unit
    return m.AccountShareModel(
        account=share.account,
        meter=share.meter.name,
        quantity=plain(in_unit(share.quantity, unit)),
        unit=unit.plural,
        amount=amount_plain(share.amount, currency),
    )


def _unserved(unserved: trace.UnservedTrace, tariff: tree.Tariff) -> m.UnservedModel:
    unit = unserved.meter.unit
    return m.UnservedModel(
        meter=unserved.meter.name,
        quantity=plain(in_unit(unserved.quantity, unit)),
        unit=unit.plural,
        reason=unserved_reason(unserved, tariff),
    )


def _refusal(refused: trace.RefundTrace | trace.PauseTrace, calendar: Calendar) -> m.RefusalModel:
    return m.RefusalModel(
        request="refund" if isinstance(refused, trace.RefundTrace) else "pause",
        purchase=refused.purchase,
        source=refused.pool.name,
        at=_moment(refused.request, calendar),
        reason=refusal_reason(refused, calendar),
    )


def _limit(limit: trace.LimitTrace, calendar: Calendar) -> m.LimitModel:
    unit = limit.limit.unit
    return m.LimitModel(
        source=limit.limit.name,
        label=limit.limit.title,
        unit=unit.plural,
        capacity=[
            m.CapacityModel(
                start=_moment(step.start, calendar),
                end=_moment(step.end, calendar),
                capacity=plain(in_unit(step.capacity, unit)),
            )
            for step in limit.steps
        ],
        tasks=limit.tasks,
        peak=plain(in_unit(limit.peak, unit)),
        waited=limit.waited,
        stuck=limit.stuck,
        waiting=plain(limit.waiting),
    )
