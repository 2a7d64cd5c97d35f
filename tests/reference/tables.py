"""Tables: cells by their keys, and the rows of a table as tiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ratewright.syntax import nodes as n
from tests.reference.clock import Span
from tests.reference.problems import NotCovered, Refused
from tests.reference.values import Figure, agree, multiply, plain

if TYPE_CHECKING:
    from tests.reference.formulas import Place, Value

Item = n.Bound | n.Keys | n.Rest | n.Price | n.Number
REST = "else:"
"""What stands for `else` in a header: no name has a colon."""


@dataclass(frozen=True)
class Grid:
    """A table's rows, cut into keys and cells, and the names above the cells."""

    header: list[str]
    rows: list[tuple[tuple[Item, ...], tuple[Item, ...]]]
    across: bool  # whether the header lists the values of the last key


def grid(table: n.Table) -> Grid:
    rows = [row.items for row in table.rows]
    header = [_word(item) for item in rows[0]]
    if len(rows) > 1 and all(header) and len(rows[1]) > len(header):
        keys = len(rows[1]) - len(header)
        return Grid([str(each) for each in header], [(r[:keys], r[keys:]) for r in rows[1:]], keys < len(table.by))
    keys = len(table.by)
    return Grid([], [(r[:keys], r[keys:]) for r in rows], False)


def _word(item: Item) -> str | None:
    """A name or text that stands alone, or `else`."""
    if isinstance(item, n.Rest):
        return REST
    if isinstance(item, n.Price) and len(item.terms) == 1 and item.terms[0].block is None:
        expression = item.terms[0].expression
        if isinstance(expression, n.Ref):
            return expression.name.text
        if isinstance(expression, n.Text):
            return expression.text
    return None


def words_of(item: Item) -> list[str]:
    if isinstance(item, n.Keys):
        return [each.text for each in item.names if not isinstance(each, n.Time)]
    word = _word(item)
    return [] if word is None else [word]


def days_of(item: Item, place: Place) -> list[datetime]:
    """The beginnings of the days that are keys of a row."""
    if isinstance(item, n.Keys):
        return [place.rules.written(each) for each in item.names if isinstance(each, n.Time)]
    only = item.terms[0].expression if isinstance(item, n.Price) else None
    return [place.rules.written(only)] if isinstance(only, n.Time) else []


def holds(bound: n.Bound, value: Figure, before: Figure | None, place: Place, unit: Figure | None = None) -> bool:
    """Whether a row with this bound holds the value, given that the rows before it do not."""
    limit = upper(bound, before, place, unit)
    if limit is None:
        return True
    agree(value, limit)
    return value.number < limit.number or (bound.kind != "below" and value.number == limit.number)


def upper(bound: n.Bound, before: Figure | None, place: Place, unit: Figure | None = None) -> Figure | None:
    """The upper end of a row; a bound without a unit is of what is counted."""
    from tests.reference.formulas import figure

    if bound.limit is None:
        return None
    limit = figure(bound.limit, place)
    if unit is not None and limit.dimension == () != unit.dimension:
        limit = multiply(limit, unit)
    if bound.kind == "next" and before is not None:
        return Figure(limit.number + before.number, agree(limit, before))
    return limit


def _matches(item: Item, value: Value, before: Figure | None, place: Place) -> bool:
    from tests.reference.formulas import evaluate

    if isinstance(item, n.Rest):
        return True
    if isinstance(item, n.Bound):
        if not isinstance(value, Figure):
            if isinstance(value, datetime) and item.limit is not None:
                limit = evaluate(item.limit, place)
                return value < limit or (item.kind == "up to" and value == limit)  # type: ignore[operator]
            return item.limit is None
        return holds(item, value, before, place)
    if isinstance(value, datetime):
        return place.rules.clock.around("day", value).start in days_of(item, place)
    if isinstance(value, str):
        return value in words_of(item)
    if isinstance(value, bool):
        return ("on" if value else "off") in words_of(item)
    if isinstance(item, n.Number):
        return value == plain(item.value)
    return evaluate(item, place) == value  # type: ignore[arg-type]


def cell(table: n.Table, item: Item, column: list[Item], place: Place) -> Value:
    """What a cell gives: a bare word is a text, unless its column has figures. Raises Refused where it is not sold."""
    from tests.reference.formulas import evaluate

    if isinstance(item, n.Number):
        return multiply(plain(item.value), place.rules.unit(table.unit)) if table.unit else plain(item.value)
    if isinstance(item, n.Keys | n.Bound | n.Rest):
        raise NotCovered("a cell of several words")
    word = _word(item)
    if word is not None and not any(isinstance(each, n.Number) or _is_figure(each) for each in column):
        return word
    return evaluate(item, place)


def _is_figure(item: Item) -> bool:
    return isinstance(item, n.Price) and any(
        isinstance(t.expression, n.Quantity | n.Percent | n.AnyOf) for t in item.terms
    )


def column_of(found: Grid, key: Value) -> int:
    """Where the value of a last key stands in the header; else the column `else`."""
    if not isinstance(key, str) or (key not in found.header and REST not in found.header):
        raise Refused(f"there is no column {key!r}")
    return found.header.index(key if key in found.header else REST)


def look_up(node: n.Lookup, place: Place) -> Value:
    from tests.reference.formulas import evaluate

    table = place.rules.tables[node.table.text]
    assert isinstance(table, n.Table)
    found = grid(table)
    keys = [_key(each, place) for each in node.keys]
    asked = len(keys) - found.across
    if len(table.by) != len(keys):
        raise Refused(f"`{table.name.text}` has {len(table.by)} keys")
    if found.across:
        column = column_of(found, keys[-1])
    elif node.column is not None:
        column = found.header.index(node.column.text)
    else:
        column = 0
    before: Figure | None = None
    for names, cells in found.rows:
        if all(_matches(item, key, before, place) for item, key in zip(names, keys[:asked], strict=True)):
            return cell(table, cells[column], [each[column] for _, each in found.rows], place)
        if isinstance(names[0], n.Bound) and names[0].limit is not None:
            limit = evaluate(names[0].limit, place)
            if isinstance(limit, Figure):
                before = upper(names[0], before, place)
    raise Refused(f"`{table.name.text}` has no {keys}")


def _key(node: n.Expression, place: Place) -> Value:
    from tests.reference.formulas import MONTHS, evaluate

    value = evaluate(node, place)
    return MONTHS[place.rules.clock.local(value.start).month - 1] if isinstance(value, Span) else value


def tiers(node: n.Lookup | n.Ref, place: Place) -> list[tuple[n.Bound, n.Price | Figure]]:
    """A table as the rows of a price: its bounds, and the cells of the other keys."""
    name = node.table.text if isinstance(node, n.Lookup) else node.name.text
    table = place.rules.tables[name]
    assert isinstance(table, n.Table)
    found = grid(table)
    keys = [_key(each, place) for each in node.keys] if isinstance(node, n.Lookup) else []
    if len(keys) != len(table.by) - 1 or len(keys) > 1 or (keys and not found.across):
        raise NotCovered("a table of tiers with other keys than one, across")
    column = column_of(found, keys[0]) if keys else 0
    rows: list[tuple[n.Bound, n.Price | Figure]] = []
    for names, cells in found.rows:
        item = cells[column]
        assert isinstance(names[0], n.Bound) and not isinstance(item, n.Bound | n.Keys | n.Rest)
        price: n.Price | Figure = item if isinstance(item, n.Price) else plain(item.value)
        if isinstance(price, Figure) and table.unit:
            price = multiply(price, place.rules.unit(table.unit))
        rows.append((names[0], price))
    return rows
