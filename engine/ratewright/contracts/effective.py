"""Every figure of a list under contracts, with where it comes from: the list, or a statement of a contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from ratewright.contracts.contract import Contract
from ratewright.contracts.delta import Delta
from ratewright.contracts.places import Place, at, figures, rows
from ratewright.contracts.targets import NOT_CHANGED, cell_name, lasts, layout_of
from ratewright.contracts.under import changed
from ratewright.diagnostics import Span
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.meaning.nodes import Change
from ratewright.printing.expression_text import expression_text
from ratewright.printing.parts import price_text
from ratewright.printing.rows import row_items, size_items
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.values.exact import grouped


class Value(Struct, frozen=True):
    """One figure: its name, the list's words, what holds, and the places that say so.

    `listed` is None for what the contract added, `effective` for what it dropped.
    """

    name: str
    listed: str | None
    effective: str | None
    places: tuple[Span, ...]


def values(listed: tree.Tariff, contracts: Sequence[Contract], limits: Limits = DEFAULT) -> list[Value]:
    """The figures of a list under contracts that hold together, in the list's order, then what they add.

    Raises RatingError where the two do not fit.
    """
    each = {own.currency: list(_in_one(delta, tuple(own.units))) for own, delta in changed(listed, contracts, limits)}
    return [value for of in zip(*each.values(), strict=True) for value in _together(list(each), of)]


def _together(currencies: Sequence[str], of: Sequence[Value]) -> Iterator[Value]:
    """One figure for accounts in each currency: once where it is the same, else with the currencies it is for."""
    alike: dict[Value, list[str]] = defaultdict(list)
    for currency, value in zip(currencies, of, strict=True):
        alike[value].append(currency)
    for value, codes in alike.items():
        yield value if len(alike) == 1 else replace(value, name=f"{value.name} in {', '.join(codes)}")


def _in_one(delta: Delta, units: Sequence[str]) -> Iterator[Value]:
    for place in _declared(delta.listed):
        yield from _of(place, delta, units)
    for change in delta.changes:
        if change.operation is tree.Operation.ADDED:
            yield Value(change.name, None, change.after, (change.span,))


def _declared(file: s.File) -> Iterator[Place]:
    for number, declaration in enumerate(file.declarations):
        if isinstance(declaration, s.Charge | s.Pool | s.Table | s.Define | s.LimitDeclaration):
            yield ("declarations", number)


def _of(place: Place, delta: Delta, units: Sequence[str]) -> Iterator[Value]:
    """The figures of one declaration: the whole of it where a contract scales or drops it, its statements, its rows.
    `units` are those of the list."""
    declaration: s.Declaration = at(delta.listed, place)
    name = declaration.name.text
    dropped = delta.gone.get(name) or delta.dropped.get(name)
    if dropped is not None:
        yield Value(name, _head(declaration), None, (dropped.span,))
        return
    if name in delta.factors:
        factor, changes = delta.factors[name]
        yield Value(name, "the list's price", f"{grouped(factor * 100)}% of it", tuple(c.span for c in changes))
    for figure in figures(declaration, place):
        yield _value(name, figure, delta)
    for number, statement in enumerate(declaration.statements):
        if isinstance(statement, NOT_CHANGED) or lasts(statement):
            continue
        word = statement.name.text if isinstance(statement, s.Define) else statement.word
        for figure in figures(statement, (*place, "statements", number)):
            yield _value(f"{word} of {name}", figure, delta)
    for row in rows(declaration, place):
        for what, figure in _named(name, row, delta, units):
            yield _value(what, figure, delta)


def _named(name: str, row: Place, delta: Delta, units: Sequence[str]) -> Iterator[tuple[str, Place]]:
    """A row; below a header each of its cells, as a contract names them, and its bound where a contract moves it."""
    owner, number = at(delta.listed, row[:-2]), row[-1]
    layout = layout_of(owner, units, Report()) if isinstance(owner, s.Table | s.Tiers) else None
    if layout is None or not layout.header:
        yield f"row of {name}", row
    elif isinstance(number, int) and number > 0:
        line = layout.lines[number - 1]
        first = len(owner.rows[number].items) - len(line.cells)
        if (bound := (*row, "items", 0)) in delta.places and line.bound is not None:
            yield f"row of {name}", bound
        for cell in range(len(line.cells)):
            yield cell_name(name, layout, line, cell), (*row, "items", first + cell)


def _value(name: str, place: Place, delta: Delta) -> Value:
    """A figure, or a row with all that stands in it."""
    before, after = at(delta.listed, place), at(delta.figures, place)
    changes: list[Change] = [c for at_, of in delta.places.items() if at_[: len(place)] == place for c in of]
    scaled = {mark for mark, of in delta.marks.items() if of[-1].operation is tree.Operation.SCALED}
    places = tuple(dict.fromkeys(c.span for c in changes)) or (before.span,)
    return Value(name, _text(before, scaled), _text(after, scaled), places)


def _text(node: s.Node, scaled: Set[Span]) -> str:
    """A figure in its author's words; worked out only where a factor made it another."""
    items = (
        node.items if isinstance(node, s.Row) else [node.size, node.price] if isinstance(node, s.SizeRow) else [node]
    )
    if scaled.isdisjoint(item.span for item in items if item is not None):
        return "  ".join(" ".join(item.span.text.split()) for item in items if item is not None)
    match node:
        case s.Price():
            return price_text(node)
        case s.Row():
            return "  ".join(row_items(node))
        case s.SizeRow():
            return "  ".join(size_items(node))
    assert isinstance(node, s.Expression)
    return expression_text(node)


def _head(declaration: s.Declaration) -> str:
    return f"{declaration.word} {declaration.name.text}"
