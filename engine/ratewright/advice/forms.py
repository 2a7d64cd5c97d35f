"""How each declaration and statement is written: the last resort of a message, where no better remedy is known."""

from __future__ import annotations

import re

from ratewright.advice.parse_stop import Slip

DECLARED = {
    "tariff": 'tariff my_prices "My prices" { currency USD; timezone "UTC" }',
    "contract": "contract acme { list my_prices; for acme; scale fee by 80% }",
    "unit": "unit call, calls",
    "setting": "setting plan one of free, pro = free",
    "table": "table prices by plan { free 0 USD; pro 25 USD }",
    "define": "define threshold = 3 * 100 calls",
    "meter": "meter calls_made in calls",
    "grant": "grant free_calls { covers calls_made; size 100 calls }",
    "package": "package prepaid { covers calls_made; sizes { 1,000 calls  75 USD } }",
    "charge": "charge fee { on calls_made; every month; rate 0.01 USD/call }",
    "discount": "discount loyal { on fee; rate 10% }",
    "tax": "tax vat { on subtotal; rate 19% }",
    "deduct": "deduct calls_made from free_calls > prepaid > fee",
    "limit": "limit slots { on calls_made; default 3 calls; shared by account and subaccounts }",
    "example": 'example "ten calls" { use 10 calls of calls_made in 2026-03; expect total == 0.10 USD }',
}
"""By its word: a declaration, whole."""

_TARIFF = {
    "currency": "currency USD",
    "timezone": 'timezone "UTC"',
    "effective": "effective from 2026-01-01",
    "source": 'source "Price page, read on 2026-01-01"',
    "rounding": "rounding half up to 0.01 USD per line",
    "bytes": "bytes by 1024",
    "changes": "changes split the period",
}
_CONTRACT = {
    "list": "list my_prices",
    "for": "for acme",
    "effective": "effective from 2026-04-01 until 2027-01-01",
    "replace": "replace below 10,000 of fee with below 5,000",
    "scale": "scale fee by 80%",
    "drop": "drop setup_fee",
    "factors": "factors compound",
    "changes": "changes split the period",
}
_METER = {
    "field": "field region text",
    "reads": "reads calls_made",
    "spread": "spread evenly",
    "where": 'where status == "success"',
    "by": "by region",
    "define": "define large = quantity > 5 calls",
    "measure": "measure sum(quantity) in calls",
    "corrections": "corrections down to 0",
}
_POOL = {
    "covers": "covers calls_made",
    "issued": "issued once on activation",
    "size": "size 100 calls",
    "sizes": "sizes { 1,000 calls  75 USD }",
    "sold": "sold until 2026-07-01",
    "valid": "valid 1 year from purchase",
    "renews": "renews every month",
    "rolls": "rolls over for 1 month",
    "prorated": "prorated by day",
    "overdraws": "overdraws up to 100 calls",
    "scope": "scope region",
    "draws": "draws soonest expiry, then oldest purchase",
    "refund": "refund in full within 7 days of purchase if unused",
    "pause": "pause never",
    "when": "when plan == pro",
    "define": "define spent = drawn / size",
}
_CHARGE = {
    "on": "on calls_made",
    "every": "every month",
    "once": "once on activation",
    "billed": "billed every day",
    "when": "when plan == pro",
    "rate": "rate 2 USD per started 1,000 calls",
    "volume": "volume { up to 100 calls  0.02 USD/call; beyond 0.01 USD/call }",
    "graduated": "graduated { up to 100 calls  0.02 USD/call; beyond 0.01 USD/call }",
    "amount": "amount 5 USD",
    "minimum": "minimum 5 USD",
    "maximum": "maximum 500 USD",
    "prorated": "prorated by day",
    "reached": "reached by calls_made",
    "flat": "flat at zero usage",
    "rounding": "rounding half up to 0.01 USD",
    "invoiced": "invoiced day 1 to 3 of next month",
    "say": 'say "You made {quantity}, {price} each."',
    "define": "define threshold = 3 * 100 calls",
}
_OF_LINES = {"by": "by region"}
_LIMIT = {
    "on": "on calls_made",
    "default": "default 3 calls",
    "extend": "extend 1 call for 200 USD/day",
    "shared": "shared by account and subaccounts",
}
_EXAMPLE = {
    "set": "set plan pro from 2026-03-10",
    "given": "given 50 calls left of free_calls",
    "buy": "buy 1 of prepaid 1,000 calls on 2026-03-01 as p1",
    "extend": "extend slots by 1 call for 1 month from 2026-03-01",
    "use": "use 3 calls of calls_made in 2026-03",
    "refund": "refund p1 on 2026-03-10",
    "pause": "pause p1 on 2026-03-10",
    "withdraw": 'withdraw 40 calls of free_calls on 2026-03-10, "given by mistake"',
    "expect": "expect total == 5 USD",
}
STATED = {
    "tariff": _TARIFF,
    "contract": _CONTRACT,
    "meter": _METER,
    "grant": _POOL,
    "package": _POOL,
    "charge": _CHARGE,
    "discount": _CHARGE | _OF_LINES | {"spread": "spread by amount"},
    "tax": _CHARGE | _OF_LINES | {"included": "included"},
    "limit": _LIMIT,
    "example": _EXAMPLE,
}
"""By the word of the declaration and that of the statement: a statement, whole."""

RECORDED_ELSEWHERE = "records in another unit belong to a meter in that unit, which this one then `reads`"
"""For a record whose quantity is of another kind than its meter takes."""

_WORD_ALONE = re.compile(r"\s*[a-z]+\s*")
_BEGINNING = re.compile(r"\s*([a-z]+)\b")


def form_of(slip: Slip) -> str:
    """`write it as `valid 1 year``, for the statement or the declaration that cannot be read; empty in a formula."""
    begin = max(slip.begin_text.rfind(sign) for sign in "{;\n") + 1
    written = slip.begin_text[begin:]
    in_a_formula = {"NAME", "NUMBER"} <= slip.expected and not _WORD_ALONE.fullmatch(written)
    if slip.expected & {"AND", "PLUS", "STAR", "RPAR", "RSQB"} or in_a_formula or slip.in_rows:
        return ""
    opened = slip.begin_text.find("{")
    if opened < 0:
        form = DECLARED.get(slip.block, "")
    else:
        found = _BEGINNING.match(written)
        form = STATED.get(slip.block, {}).get(found.group(1), "") if found else ""
    return f"write it as in `{form}`" if form else ""
