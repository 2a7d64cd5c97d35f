"""Rows that do not fit: what was probably meant, in the words of somebody who writes prices.

The parser reads a row as items, so that `from 1 to 100  5 USD` reads as well as `up to 100  5 USD` does. Here
a row that makes no sense is told from one that was meant otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from ratewright.advice.words import listed
from ratewright.diagnostics import Span
from ratewright.syntax import nodes as s

UPPER_BOUNDS = "rows have upper bounds only: `below`, `up to`, and `beyond` for the rest"
_LOWER = frozenset(
    "from over above more greater at between exceeding exceeds after starting min minimum within".split()
)
_UPPER = frozenset("to until till under less fewer through max maximum upper most limit first".split())
_REST = frozenset("otherwise else rest default remaining remainder others inf infinity unlimited then last".split())
_NOTHING = frozenset("free included gratis none nil zero inclusive".split())
_ROW_WORDS = frozenset(("below", "beyond", "next", "up"))
_GLUED = re.compile(r"(below|beyond|next|up_?to)([0-9]\w*)?", re.ASCII | re.IGNORECASE)
_SPACED = re.compile(r"(?<![\w.,])[0-9]{1,3}(?: [0-9]{3})+(?![\w.,]*[0-9])", re.ASCII)
_LONGEST = 60


class Shape(NamedTuple):
    """What a row should have: items before its cells, and cells. `price` where the rows are those of a price.

    `units` are the words that a number may have behind it, `keys` what rows are looked up by besides a range.
    """

    before: int
    cells: int
    ranged: bool
    header: bool
    price: bool
    units: Collection[str]
    keys: tuple[str, ...]


class Misreading(NamedTuple):
    """What is wrong with a row, where, and what to write."""

    message: str
    span: Span
    help: str


def misread(row: s.Row, shape: Shape) -> Misreading | None:
    """Why a row does not fit; None where it does."""
    first = row.items[0]
    if shape.ranged and not isinstance(first, s.Bound):
        return _no_bound(row, first, shape)
    if not shape.ranged and isinstance(first, s.Bound):
        return Misreading("ranges and names are mixed", row.span, "begin each row alike, with a bound or a name")
    if len(row.items) == shape.before + shape.cells:
        return None
    few = len(row.items) < shape.before + shape.cells
    return _two_rows(row) or _glued_name(row, shape) or (_too_few(row, shape) if few else _too_many(row, shape))


def shown(span: Span) -> str:
    """A row's own words, cut where they are long."""
    text = " ".join(span.text.split("\n")[0].split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def counted(number: int, thing: str) -> str:
    """`1 cell`, `2 cells`."""
    return f"{number} {thing if number == 1 else thing + 's'}"


def word_of(item: s.Node) -> s.Name | None:
    """The word of an item that is one, or that begins with one."""
    value: object = item
    while True:
        match value:
            case s.Price(terms=(term, *_)):
                value = term.expression
            case s.Product(factors=((_, inner), *_)):
                value = inner
            case s.Ref(name=name):
                return name
            case _:
                return None


def _no_bound(row: s.Row, first: s.Node, shape: Shape) -> Misreading:
    """A row among ranges that begins with something else."""
    if isinstance(first, s.Rest):
        return Misreading("`else` is for names, and these rows are ranges", first.span, "write `beyond` for the rest")
    name = word_of(first)
    if name is not None:
        word = name.text.lower()
        glued = _GLUED.fullmatch(word)
        help = ""
        if word in _ROW_WORDS or glued:
            bound = glued.group(1).replace("_", "").replace("upto", "up to") if glued else word
            bound = "up to" if bound == "up" else bound
            number = glued.group(2) if glued and glued.group(2) else ""
            help = f"write `{bound} {number}`" if number else f"write `{bound}`"
        elif word in _REST:
            help = "write `beyond` for the rest"
        elif word in _LOWER and not row.span.text.lower().startswith("at most"):
            help = UPPER_BOUNDS
        elif word in _UPPER or word == "at":
            help = "write `up to 100` (100 is in the row) or `below 100` (it is not)"
        elif word == "cite":
            help = "the sentence of the source is a statement of its own, outside the rows"
        if help:
            return Misreading(f"`{name.text}` begins no row", name.span, help)
    value = first.terms[0].expression if isinstance(first, s.Price) and first.terms else first
    if isinstance(value, s.Number | s.Quantity):
        text = shown(value.span)
        one = len(row.items) == shape.before + shape.cells and not (
            isinstance(value, s.Quantity) and value.unit.text in ("to", "and", "through")
        )
        help = f"write `up to {text}` ({text} is in the row) or `below {text}` (it is not)" if one else UPPER_BOUNDS
        return Misreading(f"the row `{shown(row.span)}` does not begin with its bound", value.span, help)
    return Misreading(*_unbound(row, shape))


def _unbound(row: s.Row, shape: Shape) -> tuple[str, Span, str]:
    text, source = shown(row.span), row.span.source
    if not shape.price:
        message = f"the row `{text}` does not begin with a bound, as others do"
        return message, row.span, "begin each row with a bound, or each with a name"
    message = f"the row `{text}` does not begin with its bound"
    for before, item in zip(row.items, row.items[1:], strict=False):
        name, end = word_of(item), before.span.end
        value = item.terms[0].expression if isinstance(item, s.Price) and item.terms else None
        if isinstance(value, s.Quantity):  # `tier 1 up to 10`
            name, end = value.unit, value.unit.span.start
        if name is not None and name.text in _ROW_WORDS:
            extra = Span(source, row.span.start, row.span.start + len(source.text[row.span.start : end].rstrip()))
            return message, extra, f"delete `{shown(extra)}`: a row begins with its bound"
    if all(word_of(item) is not None for item in row.items):
        return message, row.span, "delete it: the rows of a price have no header, unless they have columns by a name"
    return message, row.span, "begin each row with `below …`, `up to …` or `beyond`"


def _two_rows(row: s.Row) -> Misreading | None:
    for item in row.items[1:]:
        name = word_of(item)
        if name is not None and name.text in _ROW_WORDS:
            return Misreading(
                f"`{name.text}` begins a row of its own", name.span, "begin a new line, or write `;` before it"
            )
    return None


def _glued_name(row: s.Row, shape: Shape) -> Misreading | None:
    """`up to 480 SD`: a name that was read as the unit of the number before it."""
    for item in row.items:
        value: object = item.limit if isinstance(item, s.Bound) else item
        if isinstance(value, s.Price) and len(value.terms) == 1:
            value = value.terms[0].expression
        if isinstance(value, s.Quantity) and value.unit.text not in shape.units:
            number = value.span.text.removesuffix(value.unit.text).rstrip()
            what = "the bound's unit" if isinstance(item, s.Bound) else "the number's unit"
            free = value.unit.text.lower() in _NOTHING and shape.price
            return Misreading(
                f"`{value.unit.text}` is read as the unit of {number}, and there is no such unit",
                value.unit.span,
                "write the price, 0 in the currency" if free else f"write {what} before it, or put the word in quotes",
            )
    return None


def _too_few(row: s.Row, shape: Shape) -> Misreading:
    text, cells = shown(row.span), max(0, len(row.items) - shape.before)
    if shape.price and not shape.header and shape.keys:
        return Misreading(
            f"the row `{text}` says no {listed([f'`{key}`' for key in shape.keys], 'and')}",
            row.span,
            f"begin with a line of the values of `{shape.keys[-1]}`, one for each column",
        )
    if cells == 0 and len(row.items) == shape.before:
        what = "price" if shape.price else "cell" if shape.cells == 1 else "cells"
        return Misreading(f"the row `{text}` has no {what}", row.span, f"write its {what}, or `{text}  not sold`")
    if shape.before > 1 and len(row.items) < shape.before:
        return Misreading(
            f"the row `{text}` has {counted(len(row.items), 'item')}, where {shape.before} keys and "
            f"{counted(shape.cells, 'cell')} belong",
            row.span,
            "write a value for each key of `by`, then the cells",
        )
    names = all(word_of(item) is not None for item in row.items)
    return Misreading(
        f"the row `{text}` has {counted(cells, 'cell')} for {counted(shape.cells, 'column')}",
        row.span,
        "if it is a second header, delete it: a figure has its own unit"
        if names and shape.header
        else "write a cell for each column; `not sold` where there is none",
    )


def _too_many(row: s.Row, shape: Shape) -> Misreading:
    text, cells = shown(row.span), counted(len(row.items) - shape.before, "price" if shape.price else "cell")
    message = f"the row `{text}` has {cells}"
    if shape.header:
        message += f" for {counted(shape.cells, 'column')}"
    source = row.span.source
    spaced = _SPACED.search(row.span.text)
    if spaced is not None:
        at, figure = row.span.start + spaced.start(), spaced.group()
        help = f"a number has no spaces: `{figure.replace(' ', ',')}`"
        return Misreading(message, Span(source, at, at + len(figure)), help)
    first, second = row.items[0], row.items[1]
    if len(row.items) == shape.before + shape.cells + 1 and word_of(first) and word_of(second):
        both = Span(source, first.span.start, second.span.end)
        return Misreading(message, both, f'a key of two words stands in quotes: "{" ".join(both.text.split())}"')
    if shape.header:
        return Misreading(message, row.span, "write one cell for each name of the header")
    if shape.price:
        before, last = row.items[-2].span.text, row.items[-1].span.text
        name = word_of(row.items[-1])
        if name is not None and name.span.text == last:
            return Misreading(message, name.span, f"delete `{last}`: a price in a currency alone is flat")
        return Misreading(message, row.span, f"join the parts of a price with `+`: `{before} + {last}`")
    return Misreading(message, row.span, "for several cells begin with a header line")
