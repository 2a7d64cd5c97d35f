"""Syntax tree → the canonical text of its rule file.

Every tree that the parser makes is printed as text that reads as the same tree. Trees that a program made
read as themselves too, but for parentheses that the text needs; a name that is a keyword at its place
stands in quotes where the language takes a text there, and cannot be written elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch
from itertools import pairwise

from msgspec import Struct

from ratewright.printing.expression_text import Level, expression_text, names_text, quoted, unit_name_text
from ratewright.printing.parts import default_text, formula, kind_text
from ratewright.printing.rows import aligned, row_items, size_items, table_row_items
from ratewright.printing.statements import statement_text
from ratewright.printing.wrapping import wrapped
from ratewright.syntax import nodes as n

_INDENT = "  "
_WORD_COLUMN = 9
"""Where the rest of a statement begins, if no word of its block reaches that far."""


class Line(Struct, frozen=True):
    """One line of a declaration's text, and the stretch `[start, end)` of the source that says the same.

    A line that opens a block has its start only. A statement too long for one line has line ends in its text.
    """

    depth: int
    text: str
    start: int
    end: int

    def __str__(self) -> str:
        return _INDENT * self.depth + self.text


def print_rules(file: n.File) -> str:
    """The canonical text of a rule file, which ends with a line end; empty for a file without declarations.

    Trees that say the same give the same text. Comments are no part of a tree. Raises ValueError for what no
    rule file can say: a figure below zero or without a finite decimal form, a text of several lines.
    """
    blocks = [declaration_lines(declaration) for declaration in file.declarations]
    parts = []
    for before, block in pairwise([[], *blocks]):
        if before and not stand_together(before, block):
            parts.append("")
        parts += [str(line) for line in block]
    return "".join(f"{part}\n" for part in parts)


def stand_together(before: Sequence[Line], block: Sequence[Line]) -> bool:
    """Whether no blank line stands between two declarations: both are one line, and begin with the same word."""
    alike = before[0].text.split(" ", 1)[0] == block[0].text.split(" ", 1)[0]
    return len(before) == len(block) == 1 and alike


# ---------------------------------------------------------------- declarations


def _title(declaration: n.Declaration) -> str:
    """The title with a space before it, and behind it those in other languages."""
    title = declaration.title
    if title is None:
        return ""
    others = title.others if isinstance(title, n.Title) else ()
    return "".join([f" {quoted(title.text)}", *(f" {each.language} {quoted(each.text.text)}" for each in others)])


@singledispatch
def _head(declaration: n.Declaration) -> str:
    """A declaration without its block: its word, name and title, and what else stands in its first line."""
    title = _title(declaration)
    return f"{declaration.word} {declaration.name.text}{title}"


@_head.register
def _(declaration: n.UnitDeclaration) -> str:
    if declaration.formula is not None:
        return f"unit {declaration.name.text} = {formula(declaration.formula)}"
    plural = f", {declaration.plural.text}" if declaration.plural is not None else ""
    return f"unit {declaration.name.text}{plural}"


@_head.register
def _(declaration: n.Setting) -> str:
    title = _title(declaration)
    kind = f" {kind_text(declaration.kind)}" if declaration.kind is not None else ""
    return f"setting {declaration.name.text}{title}{kind}{default_text(declaration.kind, declaration.default)}"


@_head.register
def _(declaration: n.Table) -> str:
    title = _title(declaration)
    unit = f" in {unit_name_text(declaration.unit)}" if declaration.unit is not None else ""
    return f"table {declaration.name.text}{title} by {names_text(declaration.by)}{unit}"


@_head.register
def _(declaration: n.Deduct) -> str:
    order = f" in order of {names_text(declaration.order)}" if declaration.order else ""
    ranks = " > ".join(names_text(rank) for rank in declaration.ranks)
    return f"deduct {declaration.name.text}{order} from {ranks}"


@_head.register
def _(declaration: n.Example) -> str:
    return f"example {quoted(declaration.name.text)}"


@singledispatch
def declaration_lines(declaration: n.Declaration) -> list[Line]:
    """The lines of a declaration. Raises ValueError as `print_rules`."""
    return _block(declaration, _head(declaration), list(_statement_lines(declaration.statements)))


@declaration_lines.register(n.UnitDeclaration | n.Setting | n.Deduct)
def _one_line(declaration: n.Declaration) -> list[Line]:
    """One line, unless the sentence of the source stands in a block behind it."""
    if not declaration.statements:
        return [_line(0, _head(declaration), declaration)]
    return _block(declaration, _head(declaration), list(_statement_lines(declaration.statements)))


@declaration_lines.register
def _(declaration: n.Define) -> list[Line]:
    return [_line(0, f"define {declaration.name.text} = {_defined(declaration)}", declaration)]


@declaration_lines.register
def _(declaration: n.Meter) -> list[Line]:
    unit = _unit_of_plain_sum(declaration.statements)
    head = _head(declaration)
    if unit is not None:
        return [_line(0, f"{head} in {unit_name_text(unit)}", declaration)]
    return _block(declaration, head, list(_statement_lines(declaration.statements)))


@declaration_lines.register
def _(declaration: n.Table) -> list[Line]:
    rows = _row_lines(declaration.rows, [table_row_items(row) for row in declaration.rows], 1)
    return _block(declaration, _head(declaration), [*rows, *_statement_lines(declaration.statements)])


def _unit_of_plain_sum(statements: tuple[n.Statement, ...]) -> n.UnitName | None:
    """The unit, if all that a meter says is `measure sum(quantity) in UNIT`, for which there is a short form."""
    match statements:
        case (n.Measure(expression=n.Call(function=function, arguments=(n.Ref(name=name),)), unit=unit),):
            return unit if (function.text, name.text) == ("sum", "quantity") else None
        case _:
            return None


def _defined(declaration: n.Define) -> str:
    if declaration.expression is None:
        raise ValueError(f"`define {declaration.name.text}` without an expression cannot be written")
    return expression_text(declaration.expression, Level.SERIES)


# ---------------------------------------------------------------- lines


def _line(depth: int, text: str, node: n.Node) -> Line:
    span = node.span
    if isinstance(node, n.Cite) and span.text.startswith("{"):
        span = node.text.span  # the node is the whole block behind a declaration of one line
    return Line(depth, wrapped(text, len(_INDENT) * depth), span.start, span.end)


def _block(node: n.Node, head: str, inner: list[Line], depth: int = 0) -> list[Line]:
    start, end = node.span.start, node.span.end
    return [Line(depth, f"{head} {{", start, start), *inner, Line(depth, "}", end - 1, end)]


def _statement_lines(statements: Sequence[n.Statement | n.Define]) -> Iterator[Line]:
    """The statements of a block, their words in one column and what they say in the next."""
    written = [_written(statement, _longest_define(statements)) for statement in statements]
    column = _word_column([word for word, rest in written if rest])
    for statement, (word, rest) in zip(statements, written, strict=True):
        text = word.ljust(column) + rest if rest else word
        rows = _rows_of(statement)
        if rows is None:
            yield _line(1, text, statement)
        else:
            yield from _block(statement, text, rows, 1)


def _word_column(words: list[str]) -> int:
    longest = max(map(len, words), default=0)
    if len(words) < 2:
        return longest + 1  # there is nothing to stand below
    return _WORD_COLUMN if longest < _WORD_COLUMN else longest + 2


def _written(statement: n.Statement | n.Define, longest_define: int) -> tuple[str, str]:
    match statement:
        case n.Define():
            return "define", f"{statement.name.text.ljust(longest_define)} = {_defined(statement)}"
        case n.Sizes():
            return "sizes", ""
        case _:
            return statement_text(statement)


def _longest_define(statements: Sequence[n.Statement | n.Define]) -> int:
    return max((len(s.name.text) for s in statements if isinstance(s, n.Define)), default=0)


def _rows_of(statement: n.Statement | n.Define) -> list[Line] | None:
    """The rows in the braces of a statement; None where it has no braces."""
    match statement:
        case n.Sizes():
            return _row_lines(statement.rows, [size_items(row) for row in statement.rows], 2, narrow=True)
        case n.Tiers(table=None) | n.UseTable():
            return _row_lines(statement.rows, [row_items(row) for row in statement.rows], 2)
        case _:
            return None


def _row_lines(rows: Sequence[n.Node], items: list[list[str]], depth: int, *, narrow: bool = False) -> list[Line]:
    texts = aligned(items, narrow=narrow)
    return [Line(depth, text, row.span.start, row.span.end) for row, text in zip(rows, texts, strict=True)]
