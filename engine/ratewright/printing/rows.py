"""Rows of tables, tiers and sizes → lines of text in aligned columns.

Figures of a column stand with their decimal points and their units below each other, everything else
begins where its column begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from ratewright.limits import DEFAULT
from ratewright.printing.expression_text import (
    Level,
    Words,
    amounts_text,
    expression_text,
    figure,
    lookup_text,
    product_text,
    quantity_text,
    quoted,
    time_text,
)
from ratewright.syntax import nodes as n

IN_A_CELL: Words = frozenset("off on".split())
"""The words that mean themselves everywhere in a cell; as a key or a name they stand in quotes."""
IN_ROWS: Words = IN_A_CELL | {"else", "not"}
"""Those that mean themselves as the first word of a cell."""
BOUND_WORDS: Words = frozenset("below beyond next up".split())
AT_THE_START: Words = IN_ROWS | BOUND_WORDS
"""Those that mean themselves as the first word of a row."""
BEHIND_A_CELL: Words = IN_ROWS | {"or", "per"}
"""Those that go on with the cell before them."""

_MOST_DIGITS = DEFAULT.number_digits
_GAP, _GAP_BEHIND_KEYS = "   ", "  "


# ---------------------------------------------------------------- the text of items


def _key_text(key: n.Name | n.Text | n.Time) -> str:
    if isinstance(key, n.Time):
        return time_text(key)
    return key.text if isinstance(key, n.Name) else quoted(key.text)


def row_items(row: n.Row) -> list[str]:
    """The text of each item of a row. Raises ValueError as for expressions."""
    texts: list[str] = []
    taken = AT_THE_START
    before: n.Node | None = None
    for item, follower in zip(row.items, (*row.items[1:], None), strict=True):
        texts.append(_item_text(item, before, follower, taken))
        taken = _words_behind(item, texts[-1])
        before = item
    return texts


def table_row_items(row: n.Row) -> list[str]:
    """The same for a row of a table, where `cite "…"` would be the sentence of the source."""
    items = row_items(row)
    sentence = row.items[1] if len(row.items) == 2 else None
    match sentence:
        case n.Price(terms=(n.PriceTerm(expression=n.Text(), block=None),)) if items[0] == "cite":
            return [quoted(items[0]), items[1]]
        case _:
            return items


def _item_text(item: n.Node, before: n.Node | None, follower: n.Node | None, taken: Words) -> str:
    match item:
        case n.Bound():
            return bound_text(item, unit_needed=_begins_with_a_name(follower))
        case n.Keys():
            return " or ".join(_key_text(name) for name in item.names)
        case n.Rest():
            return "else"
        case n.Number():
            return figure(item.value)
        case n.Price():
            return _cell_text(item, taken, behind_a_number=isinstance(before, n.Number))
        case _:
            raise TypeError(f"no item of a row: {type(item).__name__}")


def bound_text(bound: n.Bound, *, unit_needed: bool = False) -> str:
    """`below 10,000`, `up to 10 GB`, `beyond`; where `unit_needed`, no bare number, as a name would be its unit."""
    if bound.limit is None:
        return bound.kind
    limit = amounts_text(bound.limit, Level.SUM)
    match bound.limit:
        case n.Number():
            bare = not unit_needed
        case n.Quantity(unit=unit):
            bare = unit.text not in IN_ROWS
        case _:
            bare = isinstance(bound.limit, n.Time) and bound.kind != "next"
    return f"{bound.kind} {limit}" if bare else f"{bound.kind} ({limit})"


def _begins_with_a_name(item: n.Node | None) -> bool:
    if not isinstance(item, n.Price) or not item.terms:
        return isinstance(item, n.Keys)
    first = item.terms[0].expression
    if isinstance(first, n.AnyOf):
        first = first.parts[0]
    if isinstance(first, n.Product):
        first = first.factors[0][1]
    return isinstance(first, n.Ref | n.Lookup)


def _cell_text(price: n.Price, taken: Words, *, behind_a_number: bool) -> str:
    if not price.terms:
        return "not sold"
    first, *rest = price.terms
    node = first.expression
    if behind_a_number and _begins_with_a_name(price):
        head = f"({expression_text(node)})"  # a bare name would be the number's unit
    elif isinstance(node, n.AnyOf):  # an amount for each currency
        alternatives = [_factors_text(part, IN_A_CELL) for part in node.parts[1:]]
        head = " or ".join([_factors_text(node.parts[0], taken), *alternatives])
    elif isinstance(node, n.Ref) and node.name.text in taken and not rest and first.block is None:
        head = quoted(node.name.text)
    else:
        head = _factors_text(node, taken)
    texts = (_factors_text(term.expression, IN_A_CELL) + started_text(term.block) for term in rest)
    return terms_text(price, [head + started_text(first.block), *texts])


def terms_text(price: n.Price, texts: Sequence[str]) -> str:
    """The texts of the terms of a price with their signs between them."""
    signs = [" - " if term.taken_off else " + " for term in price.terms]
    return texts[0] + "".join(sign + text for sign, text in zip(signs[1:], texts[1:], strict=True))


def started_text(block: n.Quantity | None) -> str:
    """` per started 1,000 calls`, or nothing."""
    return f" per started {quantity_text(block.value, block.unit.text)}" if block is not None else ""


def _factors_text(node: n.Expression, taken: Words) -> str:
    if not isinstance(node, n.Product):
        return _factor_text(node, taken)
    (_, first), *rest = node.factors
    head = figure(first.value) if isinstance(first, n.Number) else _factor_text(first, taken)
    return product_text(node, [head, *(_factor_text(factor, IN_A_CELL) for _, factor in rest)])


def _factor_text(node: n.Expression, taken: Words) -> str:
    """What may stand in a cell bare does so, everything else in parentheses."""
    match node:
        case n.Ref():
            return _named_text(node, node.name.text, node.name.text, taken)
        case n.Lookup():
            return _named_text(node, node.table.text, lookup_text(node), taken)
        case n.Quantity() if node.unit.text in IN_ROWS and taken >= IN_ROWS:
            return f"({expression_text(node)})"
        case n.Quantity() | n.Percent() | n.Text() | n.Time() | n.Flag() | n.Group():
            return expression_text(node, Level.ATOM)
        case _:
            return f"({expression_text(node)})"


def _named_text(node: n.Expression, name: str, text: str, taken: Words) -> str:
    """`expression_text` reads as in a formula; in a cell fewer words mean themselves."""
    return text if name not in taken else f"({expression_text(node)})"


def _words_behind(item: n.Node, text: str) -> Words:
    """The words that would go on with an item, or mean themselves behind it."""
    match item:
        case n.Bound() if text.endswith(")"):
            return IN_ROWS
        case n.Keys() | n.Bound(limit=n.Quantity() | n.Time()) | n.Price(terms=(_, *_)):
            return BEHIND_A_CELL
        case _:
            return IN_ROWS


def size_items(row: n.SizeRow) -> list[str]:
    """The size on sale and its price."""
    size = row.size
    if isinstance(size, n.Quantity):
        text = quantity_text(size.value, size.unit.text)
    else:
        text = bound_text(size, unit_needed=True)
    return [text, "not sold" if row.price is None else amounts_text(row.price, Level.SUM)]


# ---------------------------------------------------------------- columns


class _Cell(Struct, frozen=True):
    """A cell in the parts that stand below each other: `below`, `1,000`, `.50`, `%`, ` USD/pic`."""

    word: str
    whole: str
    decimals: str
    percent: str
    rest: str

    def of_decimals(self, decimals: int) -> _Cell:
        """The same figure with zeros behind it, if it is not whole."""
        zeros = decimals + 1 - len(self.decimals)
        fits = len(self.whole) + decimals <= _MOST_DIGITS
        return replace(self, decimals=self.decimals + "0" * zeros) if self.decimals and fits else self


_FIGURE = re.compile(r"(?:(below|up to|next) )?([0-9,]+)(\.[0-9]+)?(%?)((?: .*|/.*)?)")


def _split(text: str) -> _Cell | None:
    """The parts of a figure; None for a text of another kind."""
    if text == "beyond":
        return _Cell(text, "", "", "", "")
    found = _FIGURE.fullmatch(text)
    if found is None:
        return None
    word, whole, decimals, percent, rest = (part or "" for part in found.groups())
    return _Cell(word, whole, decimals, percent, rest)


def aligned(rows: Sequence[Sequence[str]], *, narrow: bool = False) -> list[str]:
    """One line for each row of cells. A first row shorter than the others is a header: it stands at the right.

    `narrow` keeps the columns as close as those of keys.
    """
    if not rows:
        return []
    widest = max(len(row) for row in rows)
    missing = max((len(row) for row in rows[1:]), default=0) - len(rows[0])
    placed = [["" for _ in range(missing)] + [*rows[0]], *rows[1:]]
    cells = [[row[i] if i < len(row) else "" for row in placed] for i in range(widest)]
    columns = [[text + _gap(column, narrow) for text in _column(column)] for column in cells]
    return ["".join(parts).rstrip() for parts in zip(*columns, strict=True)]


def _gap(texts: list[str], narrow: bool) -> str:
    cells = [_split(text) for text in texts if text]
    return _GAP_BEHIND_KEYS if narrow or not any(cells) else _GAP


def _column(texts: list[str]) -> list[str]:
    """The cells of a column, each as wide as the widest."""
    cells = _of_like_decimals([_split(text) for text in texts])
    parts = [cell for cell in cells if cell is not None]
    word = max((len(cell.word) for cell in parts), default=0)
    whole = max((len(cell.whole) for cell in parts), default=0)
    decimals = max((len(cell.decimals + cell.percent) for cell in parts), default=0)

    def figures(cell: _Cell) -> str:
        lead = cell.word.ljust(word) + " " if word else ""
        return f"{lead}{cell.whole.rjust(whole)}{(cell.decimals + cell.percent).ljust(decimals)}{cell.rest}".rstrip()

    written = [text if cell is None else figures(cell) for text, cell in zip(texts, cells, strict=True)]
    width = max(len(text) for text in written)
    return [text.ljust(width) for text in written]


def _of_like_decimals(cells: list[_Cell | None]) -> list[_Cell | None]:
    """Prices by the same unit in one column have as many decimals, as on a price page: `0.0325`, `0.0260`."""
    most: dict[tuple[str, str], int] = {}
    for cell in cells:
        if cell is not None:
            like = (cell.percent, cell.rest)
            most[like] = max(most.get(like, 0), len(cell.decimals) - 1)
    return [cell if cell is None or cell.word else cell.of_decimals(most[cell.percent, cell.rest]) for cell in cells]
