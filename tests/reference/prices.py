"""What a price makes of a quantity: rates, blocks that are started, and tiers of both kinds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference import tables
from tests.reference.formulas import Place, Value, figure
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import TIERS, statement
from tests.reference.values import Figure, add, agree, multiply, plain

Row = tuple[n.Bound, n.Price | Figure]


def price_of(line: n.Declaration, quantity: Figure, place: Place) -> Figure:
    """The price of a line before its share, minimum and maximum; one for each block is a part of it."""
    most = statement(line, n.Maximum)
    if most is None or most.block is None:
        return _price_of(line, quantity, place)
    size = figure(n.Quantity(most.block.span, most.block.count, most.block.unit), place)
    limit = figure(most.expression, place)
    agree(quantity, size)
    total, left = Figure(Fraction(0), place.rules.money), quantity.number
    while True:
        block = Figure(min(left, size.number), quantity.dimension)
        value = _price_of(line, block, replace(place, names=_naming(place, block)))
        total = add(total, Figure(min(value.number, limit.number), value.dimension))
        left -= size.number
        if left <= 0:
            return total


def _naming(place: Place, block: Figure) -> Callable[[str], Value | None]:
    return lambda name: block if name == "quantity" else place.names(name)


def _price_of(line: n.Declaration, quantity: Figure, place: Place) -> Figure:
    money = Figure(Fraction(0), place.rules.money)
    for statement_ in line.statements:
        if isinstance(statement_, n.AmountForm):
            return add(money, figure(statement_.expression, place))
        if isinstance(statement_, n.Rate):
            return _at(statement_.price, quantity, place)
        if isinstance(statement_, TIERS):
            rows = _rows(statement_, place)
            if isinstance(statement_, n.Graduated):
                return _graduated(rows, quantity, place)
            if isinstance(statement_, n.Volume) and statement_.cheapest:
                return _cheapest(rows, quantity, place)
            reached = statement(line, n.Reached)
            picks = quantity if reached is None else figure(reached.quantity, place)
            return _at(rows[_row_of(rows, picks, place)][1], quantity, place)
    raise Refused("a line has a price")


def _at(price: n.Price | Figure, quantity: Figure, place: Place) -> Figure:
    """A quantity at a price: money for each unit, for each started block, or once."""
    money = place.rules.money
    total = Figure(Fraction(0), money)
    if isinstance(price, Figure):
        return add(total, price if price.dimension == money else multiply(price, quantity))
    if not price.terms:
        raise Refused("not sold")
    for term in price.terms:
        value = figure(term.expression, place)
        if term.block is not None:
            blocks = multiply(quantity, figure(term.block, place), -1)
            if blocks.dimension not in ((), None):
                raise Refused("blocks of another unit")
            value = multiply(value, plain(math.ceil(blocks.number)))
        elif value.dimension != money:
            value = multiply(value, quantity)
        total = add(total, value, -1 if term.taken_off else 1)
    return total


def _rows(tiers: n.Tiers, place: Place) -> list[Row]:
    if tiers.table is not None:
        node = _chosen(tiers.table, place)
        return tables.tiers(node, place)
    column = 1
    rows = [row.items for row in tiers.rows]
    if tiers.by:
        if len(tiers.by) != 1:
            raise NotCovered("tiers by several keys")
        header = [tables.words_of(item) for item in rows.pop(0)]
        mark = place.name(tiers.by[0].text)
        rest = tables.REST in header[-1]
        try:
            column = [mark in words for words in header].index(True) + 1
        except ValueError:
            if not rest:
                raise Refused(f"no column for {mark!r}") from None
            column = len(header)
    result: list[Row] = []
    for items in rows:
        item = items[column]
        assert isinstance(items[0], n.Bound) and isinstance(item, n.Price | n.Number)
        if isinstance(item, n.Price):
            result.append((items[0], item))
        else:
            price = plain(item.value)
            result.append((items[0], multiply(price, place.rules.unit(tiers.unit)) if tiers.unit else price))
    return result


def _chosen(node: n.Expression, place: Place) -> n.Lookup | n.Ref:
    from tests.reference.formulas import truth

    while not isinstance(node, n.Lookup | n.Ref):
        if isinstance(node, n.Group):
            node = node.inner
        elif isinstance(node, n.Choose):
            node = node.yes if truth(node.condition, place) else node.no
        else:
            raise NotCovered("tiers by another formula than a choice of tables")
    return node


def _uppers(rows: list[Row], unit: Figure, place: Place) -> list[Figure | None]:
    result: list[Figure | None] = []
    before: Figure | None = None
    for bound, _ in rows:
        upper = tables.upper(bound, before, place, unit)
        if upper is not None and before is not None and upper.number <= before.number:
            raise Refused("bounds rise from row to row")
        result.append(upper)
        before = upper
    return result


def _row_of(rows: list[Row], quantity: Figure, place: Place) -> int:
    """The row that a quantity is in."""
    for index, ((bound, _), upper) in enumerate(zip(rows, _uppers(rows, _one(quantity), place), strict=True)):
        if upper is None:
            return index
        agree(quantity, upper)
        if quantity.number < upper.number or (bound.kind != "below" and quantity.number == upper.number):
            return index
    raise Refused("the last row is `beyond`")


def _one(quantity: Figure) -> Figure:
    return Figure(Fraction(1), quantity.dimension)


def _graduated(rows: list[Row], quantity: Figure, place: Place) -> Figure:
    """Each slice at its own row, up to the row that the quantity is in; what is charged once is charged on entry."""
    total = Figure(Fraction(0), place.rules.money)
    lower = Fraction(0)
    uppers = _uppers(rows, _one(quantity), place)
    for index in range(_row_of(rows, quantity, place) + 1):
        upper = uppers[index]
        top = quantity.number if upper is None else min(quantity.number, upper.number)
        total = add(total, _at(rows[index][1], Figure(top - lower, quantity.dimension), place))
        lower = top
    return total


def priced_by(form: str, rows_of: n.Expression, quantity: Figure, place: Place) -> Figure:
    """What a quantity comes to at the rows of a table, in a formula: nothing for nothing."""
    if quantity.number == 0:
        return Figure(Fraction(0), place.rules.money)
    rows = tables.tiers(_chosen(rows_of, place), place)
    if form == "graduated":
        return _graduated(rows, quantity, place)
    return _at(rows[_row_of(rows, quantity, place)][1], quantity, place)


def _cheapest(rows: list[Row], quantity: Figure, place: Place) -> Figure:
    """The least of what the quantity costs in its row, and what the beginning of each later row costs there."""
    own = _row_of(rows, quantity, place)
    uppers = _uppers(rows, _one(quantity), place)
    offers = [_at(rows[own][1], quantity, place)]
    for index in range(own + 1, len(rows)):
        price, begins = rows[index][1], uppers[index - 1]
        if begins is not None and (isinstance(price, Figure) or price.terms):
            offers.append(_at(price, Figure(begins.number, quantity.dimension), place))
    return min(offers, key=lambda offer: offer.number)
