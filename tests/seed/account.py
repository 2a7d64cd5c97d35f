"""The first price list, and the oracle's customers as accounts that the engine reads."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path

import ratewright
from ratewright.derivation.trace import LimitTrace, LotTrace, VolumeTrace
from ratewright.rating.bill import Bill
from ratewright.rating.bill import Line as BillLine
from ratewright.usage.model import Request, Usage
from tests.rating.accounts import HERE, account, buy, event, extend, grant, setting, total
from tests.seed.oracle import Call, Customer, Wish

RULES = Path(__file__).resolve().parents[2] / "rules" / "tencent_hy_image.tariff"
METER = "image_style_transfer"
ZONE = "+08:00"


@cache
def price_list() -> ratewright.Tariff:
    return ratewright.load(RULES)


def written(at: datetime) -> str:
    """A local time of the oracle, with the vendor's offset."""
    return at.strftime("%Y-%m-%dT%H:%M:%S") + ZONE


def usage_of(customer: Customer, by_day: bool = False) -> Usage:
    """The account; `by_day` gives its calls as totals of the days that they begin."""
    return account(
        *(_record(call, by_day) for call in customer.calls),
        activated=written(customer.activated),
        grants=(grant("free_quota", customer.free),) if customer.free else (),
        purchases=tuple(buy(b.id, written(b.at), b.size, "resource_package", b.count) for b in customer.bought),
        extensions=tuple(
            extend(x.id, written(x.start), x.tasks, x.term, x.terms, "concurrency") for x in customer.extras
        ),
        refunds=tuple(_request(w) for w in customer.refunds),
        pauses=tuple(_request(w) for w in customer.pauses),
        settings=tuple(setting("postpaid", "on" if on else "off", written(at)) for at, on in customer.postpaid),
        subaccounts=tuple(sorted({c.subaccount for c in customer.calls if c.subaccount})),
    )


def _record(call: Call, by_day: bool):
    fields = {"status": "failed"} if call.failed else {}
    fields |= {"channel": "console"} if call.console else {}
    if by_day:
        after = call.at.date().toordinal() + 1
        end = datetime.fromordinal(after)
        return total(written(call.at), written(end), call.pics, METER, **fields)
    return event(written(call.at), call.pics, METER, subaccount=call.subaccount, **fields)


def _request(wish: Wish) -> Request:
    from tests.rating.accounts import ask

    return ask(wish.name, written(wish.at))


def cents(amount: object) -> Fraction:
    return Fraction(amount) * 100  # type: ignore[arg-type]


def lot_traces(bill: Bill) -> list[LotTrace]:
    return [lot for meter in bill.meters for source in meter.sources for lot in source.lots]


def tier_price(bill: Bill) -> Fraction | None:
    """The unit price that the pay-as-you-go line applied, in cents."""
    line = pay_as_you_go(bill)
    if line is None:
        return None
    price = line.why.price  # type: ignore[union-attr]
    assert isinstance(price, VolumeTrace)
    return cents(price.reached.terms[0].price)


def pay_as_you_go(bill: Bill) -> BillLine | None:
    found = [line for line in bill.lines if line.source == "pay_as_you_go"]
    assert len(found) <= 1
    return found[0] if found else None


def concurrency(bill: Bill) -> LimitTrace:
    (limit,) = bill.limits
    return limit


__all__ = [
    "HERE",
    "METER",
    "cents",
    "concurrency",
    "lot_traces",
    "pay_as_you_go",
    "price_list",
    "tier_price",
    "usage_of",
    "written",
]
