"""What a contract may name of a list, as ways through a declaration, and the declaration with another figure there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from ratewright.syntax import nodes as n
from tests.reference.problems import Refused
from tests.reference.tables import REST, grid, words_of

Way = tuple[str | int, ...]
"""Fields and places from a declaration to a figure in it; nothing for the whole of it."""
WHOLE: Way = ()
_FIELDS = ("price", "expression", "amount", "quantity", "most", "ratio", "formula")
_BESIDE = (n.Minimum, n.Reached, n.Size, n.Rolls, n.Overdraws)
"""What is no part of the price itself. A maximum is one where it is for blocks of the quantity."""


def found(declaration: n.Declaration, target: n.Target, *, bound: bool) -> list[Way]:
    """The ways to what a contract names; `bound`: it means the bound of a row. Raises Refused where there is none."""
    part = target.part
    if part is None:
        return [(*WHOLE, "expression")] if isinstance(declaration, n.Define) else [WHOLE]
    if isinstance(part, n.Name):
        ways = list(_of_statement(declaration, part.text))
    elif isinstance(part, n.Lookup):
        ways = list(_of_cell(declaration, part, target.row))
    else:
        ways = list(_of_row(declaration, part, bound=bound))
        if len(ways) > 1:
            raise Refused("a contract that may mean two rows")
    if not ways:
        raise Refused(f"`{target.span.text}` is not in the list")
    return ways


def figures_of(declaration: n.Declaration) -> list[Way]:
    """The prices of a package's sizes, or the cells of a table that are figures."""
    if isinstance(declaration, n.Table):
        keys, header = _shape(declaration)
        every = range(len(declaration.rows))
        return [("rows", j, "items", k) for j in every[header:] for k in range(keys, len(declaration.rows[j].items))]
    return [(*row, "price") for row, made in _size_rows(declaration) if made.price is not None]


def changed(declaration: n.Declaration, way: Way, part: n.Node | Callable[[Any], Any]) -> n.Declaration:
    """The declaration with another node at the end of a way, or what a function makes of it."""
    made: n.Declaration = _put(declaration, way, part if callable(part) else lambda node: _fitting(node, part))
    return made


def check_bounds(declaration: n.Declaration) -> None:
    """Refuses rows whose bounds do not rise, as far as they are plain figures of one unit."""
    before: Fraction | None = None
    for way, row in _rows(declaration):
        bound = row.items[0]
        limit = bound.limit if isinstance(bound, n.Bound) else None
        if not isinstance(bound, n.Bound) or not isinstance(limit, (n.Number, n.Quantity)) or way[-1] == 0:
            before = None
        if isinstance(bound, n.Bound) and isinstance(limit, (n.Number, n.Quantity)):
            upper = Fraction(limit.value) + (before or 0 if bound.kind == "next" else 0)
            if before is not None and upper <= before:
                raise Refused("bounds that do not rise")
            before = upper


def is_priced(declaration: n.Declaration, way: Way) -> bool:
    """Whether a figure is a part of what the price of a line comes to, or of the whole that it stands in."""
    if not isinstance(declaration, n.Charge) or len(way) < 2 or not isinstance(way[1], int):
        return True
    said = declaration.statements[way[1]]
    return not isinstance(said, _BESIDE) and not (isinstance(said, n.Maximum) and said.block is None)


def times(node: Any, factor: Fraction) -> Any:
    """A figure times a factor; nothing that is no figure, as what is not sold."""
    if isinstance(node, n.Number):
        return replace(node, value=Fraction(node.value) * factor)
    if isinstance(node, n.Price):
        terms = (replace(term, expression=times(term.expression, factor)) for term in node.terms)
        return replace(node, terms=tuple(terms))
    if isinstance(node, (n.Bound, n.Keys, n.Rest)):
        return node
    group, number = n.Group(node.span, node), n.Number(node.span, factor)
    return n.Product(node.span, (("*", group), ("*", number)))


def _put(node: Any, way: Way, made: Callable[[Any], Any]) -> Any:
    if not way:
        return made(node)
    step, rest = way[0], way[1:]
    if isinstance(step, int):
        return (*node[:step], _put(node[step], rest, made), *node[step + 1 :])
    return replace(node, **{step: _put(getattr(node, step), rest, made)})


def _fitting(before: Any, part: n.Node) -> Any:
    """A replacement in the form of what it stands in place of."""
    if not isinstance(part, n.Price):
        return part
    only = part.terms[0] if len(part.terms) == 1 and part.terms[0].block is None else None
    if isinstance(before, (n.Price, n.Number)):
        return only.expression if only is not None and isinstance(only.expression, n.Number) else part
    if not part.terms:
        return None
    return part if only is None else only.expression


def _of_statement(declaration: n.Declaration, word: str) -> Iterator[Way]:
    for index, each in enumerate(declaration.statements):
        own = each.name.text if isinstance(each, n.Define) else each.word
        name = next((name for name in _FIELDS if getattr(each, name, None) is not None), None)
        if own == word and name is not None and not isinstance(each, (n.Measure, n.On)):
            yield "statements", index, name


def _size_rows(declaration: n.Declaration) -> Iterator[tuple[Way, n.SizeRow]]:
    for index, each in enumerate(declaration.statements):
        for number, row in enumerate(each.rows) if isinstance(each, n.Sizes) else ():
            yield ("statements", index, "rows", number), row


def _rows(declaration: n.Declaration) -> Iterator[tuple[Way, n.Row]]:
    if isinstance(declaration, n.Table):
        yield from ((("rows", number), row) for number, row in enumerate(declaration.rows))
    for index, each in enumerate(declaration.statements):
        for number, row in enumerate(each.rows) if isinstance(each, n.Tiers) else ():
            yield ("statements", index, "rows", number), row


def _of_row(declaration: n.Declaration, part: n.Node, *, bound: bool) -> Iterator[Way]:
    for way, row in _size_rows(declaration):
        if _same(row.size, part):
            yield (*way, "size" if bound else "price")
    for way, made in _rows(declaration):
        if _same(made.items[0], part):
            yield (*way, "items", 0 if bound else len(made.items) - 1)


def _of_cell(declaration: n.Declaration, asked: n.Lookup, row: n.Bound | None) -> Iterator[Way]:
    """A cell by its keys, or a column of one that has rows with bounds."""
    keys = [_words(each) for each in asked.keys]
    if isinstance(declaration, n.Table):
        at, header = _shape(declaration)
        made = grid(declaration)
        rows = [((*("rows", number), "items"), each.items) for number, each in enumerate(declaration.rows)][header:]
        names, across = made.header, made.across
    else:
        tiers = [(way, each.items) for way, each in _rows(declaration)]
        names, across, at = [_first(words_of(item)) for item in tiers[0][1]], True, 1
        rows = [((*way, "items"), items) for way, items in tiers[1:]]
    column = 0
    if across:
        column = names.index(_first(keys.pop()))
    elif asked.column is not None:
        column = names.index(asked.column.text)
    for way, items in rows:
        first = [row] if row is not None else []
        said = [*first, *keys]
        if said and not all(_same(item, key) for item, key in zip(items, said, strict=False)):
            continue
        yield (*way, at + column)


def _shape(table: n.Table) -> tuple[int, int]:
    """How many keys a row has, and how many rows are a header."""
    made = grid(table)
    return (len(made.rows[0][0]), 1) if made.header else (len(table.by), 0)


def _first(words: list[str]) -> str:
    return words[0] if words else REST


def _words(key: n.Expression) -> list[str]:
    if isinstance(key, n.AnyOf):
        return [word for part in key.parts for word in _words(part)]
    if isinstance(key, n.Ref):
        return [REST if key.name.text == "else" else key.name.text]
    if isinstance(key, n.Text):
        return [key.text]
    return [REST if key.span.text == "else" else key.span.text]


def _same(item: n.Node | None, part: object) -> bool:
    """Whether a contract means a bound, a size, a rest, or keys of a row."""
    if isinstance(part, list):
        return words_of(item) == part or (item is not None and [item.span.text] == part)  # type: ignore[arg-type]
    if isinstance(item, n.Bound) and isinstance(part, n.Bound):
        return item.kind == part.kind and _alike(item.limit, part.limit)
    if isinstance(item, n.Rest) or isinstance(part, n.Rest):
        return isinstance(item, n.Rest) and isinstance(part, n.Rest)
    return isinstance(part, n.Quantity) and isinstance(item, n.Quantity) and _alike(item, part)


def _alike(one: n.Node | None, other: n.Node | None) -> bool:
    """Whether two limits say the same; one of what is counted may leave its unit out."""
    if one is None or other is None:
        return one is other
    if not isinstance(one, (n.Number, n.Quantity)) or not isinstance(other, (n.Number, n.Quantity)):
        return False
    units = {each.unit.text for each in (one, other) if isinstance(each, n.Quantity)}
    return one.value == other.value and len(units) <= 1
