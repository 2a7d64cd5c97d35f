"""What rows that stand together may differ in, each with a name: their key, period, quantity, price and the like.

Those that say which line it is become the first columns of a table, or stand in its title where they are the same, but
for the end of a lot, which goes `with it`. Quantities and amounts are always told, others where a reason names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, singledispatch
from typing import Literal, NamedTuple

from ratewright.derivation import trace
from ratewright.explain.document import Cell, Row
from ratewright.explain.rows.line_rows import called, formulas_of
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.titles import plain_words
from ratewright.explain.wording.word_templates import clean, phrase
from ratewright.meaning import nodes as tree
from ratewright.quota.balances import Balance
from ratewright.rating.bill import Line
from ratewright.values.calendar import Period, PeriodUnit
from ratewright.values.writing import writing

Place = Literal["of", "with it", "always", "named"]
_UNITS = {PeriodUnit.MINUTE: "minute", PeriodUnit.HOUR: "hour", PeriodUnit.DAY: "day", PeriodUnit.RECORD: "time"}


class Value(NamedTuple):
    """A value of a row, and the `ways` in which sentences write it: `9,950 pics` and `9,950`."""

    head: str
    cell: Cell
    ways: tuple[str, ...]
    place: Place = "named"


class LotOf(NamedTuple):
    """A lot of a pool, in whose unit it is."""

    pool: tree.Pool
    lot: trace.LotTrace


def values_of(row: Row, behind: Iterable[object], say: Phrases) -> dict[str, Value]:
    """The values of a row by their heads, in the order of a table's columns. Of two of one name only the first.

    `behind` are other nodes that its reasons tell of.
    """
    found: dict[str, Value] = {}
    for value in (*_of_node(row.node, say), *_shown(row, say), *_named(row.node, say)):
        found.setdefault(value.head, value)
    for node in behind:
        for value in _named(node, say):
            found.setdefault(value.head, value)
    return found


@singledispatch
def title_of_node(node: object, say: Phrases) -> str | None:
    """What rows are called, whatever says which of them it is; None where that is their label."""
    return None


@title_of_node.register
def _(node: Line, say: Phrases) -> str:
    return called(node, say)


@title_of_node.register
def _(node: trace.AwayTrace, say: Phrases) -> str:
    return say.title(node.charge)


@title_of_node.register
def _(node: Balance, say: Phrases) -> str:
    return say.named(node.source)


def _head(name: str) -> str:
    return _head_in(writing().language, name)


@cache
def _head_in(language: str, name: str) -> str:
    return phrase("column", name)


def _text(name: str, text: str, say: Phrases, place: Place = "named", *more: str) -> Value:
    return Value(_head(name), text, (text, *more), place)


def _shown(row: Row, say: Phrases) -> Iterator[Value]:
    """The quantity and the amount."""
    if row.quantity is not None:
        ways = (row.quantity.text, say.number(row.quantity.value, row.quantity.unit))
        yield Value(_head("quantity"), row.quantity, ways, "always")
    if row.money is not None:
        yield Value(_head("amount"), row.money, (row.money.text,), "always")


@singledispatch
def _of_node(node: object, say: Phrases) -> Iterator[Value]:
    """What says which one it is."""
    yield from ()


@_of_node.register
def _(node: Line, say: Phrases) -> Iterator[Value]:
    why = node.why
    if node.period is not None:
        every = why.charge.every.unit if isinstance(why, trace.ChargeTrace) else None
        yield from _of_period(node.period, every, say)
    elif node.at is not None:
        yield _text("bought", say.moment(node.at), say, "of")
    if isinstance(why, trace.PurchaseTrace | trace.ExtensionTrace):
        yield _text("purchase", clean(why.purchase), say, "of")
    yield from _of_key(node.key)


@_of_node.register
def _(node: trace.MeasureTrace, say: Phrases) -> Iterator[Value]:
    yield from _of_period(node.period, PeriodUnit.RECORD if node.record is not None else None, say)
    yield from _of_key(node.key)


@_of_node.register
def _(node: trace.AwayTrace, say: Phrases) -> Iterator[Value]:
    if node.period is not None:
        yield from _of_period(node.period, node.charge.every.unit, say)
    yield from _of_key(node.key)


@_of_node.register
def _(node: Balance, say: Phrases) -> Iterator[Value]:
    yield _text("lot", clean(node.lot), say, "of")


@_of_node.register
def _(node: LotOf, say: Phrases) -> Iterator[Value]:
    yield _text("lot", clean(node.lot.lot), say, "of")
    if node.lot.expires is not None:
        yield _text("expires", say.last_day(node.lot.expires), say, "with it")


def _of_period(period: Period, unit: PeriodUnit | None, say: Phrases) -> Iterator[Value]:
    yield _text(_UNITS.get(unit, "period") if unit is not None else "period", say.label(period), say, "of")


def _of_key(key: tuple[tuple[str, str], ...]) -> Iterator[Value]:
    for name, value in key:
        yield Value(clean(plain_words(name)), clean(value), (clean(value),), "of")


@singledispatch
def _named(node: object, say: Phrases) -> Iterator[Value]:
    """What a reason may name."""
    yield from ()


@_named.register
def _(node: Line, say: Phrases) -> Iterator[Value]:
    why = node.why
    if isinstance(why, trace.ChargeTrace):
        yield from _of_charge(why, say)
    elif isinstance(why, trace.PaymentTrace):
        yield _text("paid", say.money(why.amount), say)
        yield _text("of", say.money(why.before), say)
        yield from (_text("lot", clean(lot), say) for lot, _ in why.lots[:1])
        yield from (_text("left", say.money(left), say) for left in why.left[:1])
    elif isinstance(why, trace.CorrectionTrace):
        yield _text("now", say.money(why.owed), say)
        yield _text("before", say.money(why.billed), say)
        if why.why is not None:
            yield from _of_charge(why.why, say)
    elif isinstance(why, trace.PurchaseTrace) and why.expires is not None:
        yield _text("expires", say.last_day(why.expires), say)


def _of_charge(why: trace.ChargeTrace, say: Phrases) -> Iterator[Value]:
    unit = why.charge.unit
    if why.used is not None:
        yield _text("used", say.quantity(why.used, unit), say, "named", say.number(why.used, unit))
    yield _text("unrounded", say.money(why.rounding.before), say)
    if not isinstance(why.price, trace.UnusedTrace):
        yield _text("asked", say.money(why.price.amount), say)
    yield from _of_price(why.price, say)
    for how in formulas_of(why):
        yield from _of_readings(how, say)


def _of_readings(how: trace.Arithmetic, say: Phrases) -> Iterator[Value]:
    for reading in say.flat(how.readings):
        yield Value(clean(plain_words(reading.name)), clean(reading.text), (clean(reading.text),))


def _of_price(price: trace.PriceTrace, say: Phrases) -> Iterator[Value]:
    if isinstance(price, trace.BlocksTrace) and price.as_one:
        price = price.blocks[0].price
    if isinstance(price, trace.RateTrace) and len(price.terms) == 1:
        yield _text("price", say.price(price.terms[0], price.unit), say)
    elif isinstance(price, trace.VolumeTrace):
        tier = price.reached
        yield _text("price", say.tier_price(tier, price.unit), say)
        yield _text("tier", say.range(price.tiers, tier, price.unit, price.picked_by), say)


@_named.register
def _(node: trace.MeasureTrace, say: Phrases) -> Iterator[Value]:
    yield _text("records", say.count(node.records, "record"), say)
    for taken in node.samples:
        if isinstance(taken, trace.SampleTrace) and taken.at is not None:
            yield _text("at", say.label(taken.at), say)
    if node.how is not None:
        yield from _of_readings(node.how, say)


@_named.register
def _(node: LotOf, say: Phrases) -> Iterator[Value]:
    unit, lot = node.pool.unit, node.lot
    for name, value in (("drawn", lot.drawn), ("left", lot.remaining), ("held", lot.size), ("earlier", lot.before)):
        yield _text(name, say.quantity(value, unit), say, "named", say.number(value, unit))
    if lot.lapsed:
        yield _text("lapsed", say.quantity(lot.lapsed, unit), say, "named", say.number(lot.lapsed, unit))


@_named.register
def _(node: Balance, say: Phrases) -> Iterator[Value]:
    yield _text("size", say.quantity(node.size, node.unit), say)
    if node.expires is not None:
        yield _text("expires", say.last_day(node.expires), say)
