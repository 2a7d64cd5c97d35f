"""What plain words claim, asked again: sentences of lines, days, what is used up, rounded or kept away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from whenever import Date, Instant

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, Line
from tests.explain.equations import NoEquationError, Value, value_of
from tests.explain.reason import Reason

KINDS = {"sentence", "last day", "used up", "rounded", "not for"}
_MONTHS = "January February March April May June July August September October November December".split()
_DAY = re.compile(r"valid to (\d{1,2}) ([A-Z][a-z]+) (\d{4})")
_FIGURE = r"-?\d[\d.,]*…? [A-Za-z_][\w/]*"
_ROUNDED = re.compile(rf"(?P<before>{_FIGURE}), rounded (?P<way>[a-z ]+) to (?P<step>{_FIGURE}): (?P<after>{_FIGURE})")
_NOT_FOR = re.compile(rf"not for (?P<kept>{_FIGURE}): applies only when")


def claims(bill: Bill, texts: Sequence[str]) -> Iterator[Reason]:
    """The claims of plain words in the sentences of a bill, of any length."""
    days = {(end.year, end.month, end.day) for end in _last_days(bill)}
    kept = [quantity for meter in bill.meters for source in meter.sources for _, quantity in source.kept]
    for text in texts:
        for day, month, year in _DAY.findall(text):
            found = (int(year), _MONTHS.index(month) + 1, int(day)) in days
            yield Reason("last day", f"{day} {month} {year}", found, text)
        for told in _ROUNDED.finditer(text):
            again = f"round {told['way']} ({told['before']}) to {told['step']}"
            yield Reason("rounded", told[0], _meets(again, told["after"], bill), text)
        for told in _NOT_FOR.finditer(text):
            yield Reason("not for", told[0], any(_is(told["kept"], quantity, bill) for quantity in kept), text)
    yield from _kept(bill)
    yield from _used_up(bill)
    for line in bill.lines:
        yield from _sentence(line, texts, bill)


def _last_days(bill: Bill) -> Iterator[Date]:
    """The day before each end of a lot, in the list's timezone."""
    ends: list[Instant | None] = [balance.expires for balance in bill.balances]
    lots = [lot for meter in bill.meters for source in meter.sources for lot in source.lots]
    lots += [lot for fund in bill.funds for lot in fund.lots]
    for lot in lots:
        ends += [lot.expires, *(lot.validity or ())]
    ends += [line.why.expires for line in bill.lines if isinstance(line.why, trace.PurchaseTrace)]
    for end in ends:
        if end is not None:
            yield bill.calendar.date_of(end.subtract(nanoseconds=1))


def _kept(bill: Bill) -> Iterator[Reason]:
    """What a pool's condition kept from it is no more than what it left of the meter."""
    for meter in bill.meters:
        for source in meter.sources:
            kept = sum((quantity for _, quantity in source.kept), Fraction(0))
            holds = kept <= meter.measured - source.covered if kept and meter.measured >= 0 else None
            yield Reason("not for", f"{kept} of {meter.measured}", holds, source.pool.name)


def _used_up(bill: Bill) -> Iterator[Reason]:
    """A lot that was drawn to the last before has nothing to give or to lose in the period."""
    for meter in bill.meters:
        for source in meter.sources:
            for lot in source.lots:
                if lot.before >= lot.size and not lot.drawn:
                    yield Reason("used up", lot.lot, not lot.remaining and not lot.lapsed, source.pool.name)


def _sentence(line: Line, texts: Sequence[str], bill: Bill) -> Iterator[Reason]:
    """A sentence that a line says of itself stands on the bill, with the figures of the line."""
    why = line.why
    if not isinstance(why, trace.ChargeTrace) or why.sentence is None or why.sentence.untold("en"):
        return
    parts = why.sentence.sentence.parts
    pattern = "".join(_as_told(part.text) if isinstance(part, tree.Words) else "(.+)" for part in parts)
    shown = [part for part in parts if not isinstance(part, tree.Words)]
    found = [match for text in texts if (match := re.fullmatch(pattern, text))]
    holds = any(
        all(_shows(part, text, line, why, bill) for part, text in zip(shown, match.groups(), strict=True))
        for match in found
    )
    yield Reason("sentence", pattern, holds, line.label)


def _as_told(words: str) -> str:
    return re.escape(" ".join(f"x{words}x".split())[1:-1])


def _shows(part: object, text: str, line: Line, why: trace.ChargeTrace, bill: Bill) -> bool:
    sign = -1 if why.charge.word is tree.LineWord.DISCOUNT else 1
    match part:
        case tree.OwnFigure(figure=tree.Own.AMOUNT):
            return _is(text, sign * line.amount, bill)
        case tree.OwnFigure(figure=tree.Own.QUANTITY):
            return _is(text, line.quantity, bill)
        case tree.OwnFigure(figure=tree.Own.PRICE):
            return _is_the_price(text, why, bill)
        case tree.Shown(name=name) if why.sentence is not None:
            value = why.sentence.values[name].value
            if isinstance(value, bool):
                return text == ("on" if value else "off")
            if isinstance(value, str):
                return text == value
            return not isinstance(value, Fraction | int) or _is(text, value, bill)
    return bool(text)


def _is_the_price(text: str, why: trace.ChargeTrace, bill: Bill) -> bool:
    """Whether one price for each unit, that stands alone, times the quantity is what was priced."""
    price = why.price
    assert isinstance(price, trace.RateTrace | trace.VolumeTrace)
    terms = price.terms if isinstance(price, trace.RateTrace) else price.reached.terms
    if len(terms) != 1 or not isinstance(terms[0].term, tree.UnitPrice):
        return text.count(" + ") + text.count(" - ") == len(terms) - 1
    return _is(text, terms[0].price, bill)


def _is(text: str, value: object, bill: Bill) -> bool:
    exactly = Fraction(value)  # type: ignore[arg-type]
    try:
        return value_of(text, bill.tariff.units, bill.tariff.currency).meets(Value(exactly, exactly))
    except NoEquationError:
        return False


def _meets(one: str, other: str, bill: Bill) -> bool | None:
    units, currency = bill.tariff.units, bill.tariff.currency
    try:
        return value_of(one, units, currency).meets(value_of(other, units, currency))
    except NoEquationError:
        return None
