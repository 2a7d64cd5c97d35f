"""A table for a terminal: in columns where they fit, texts on several lines where they must, else row below row."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.explain.document import Table, cell_text
from ratewright.explain.text.text_columns import left, right, width_of, wrapped
from ratewright.explain.text.text_paint import Painter

_INDENT = 2
_GAP = 2
_LEAST_TEXT = (14, 11, 8)
"""So narrow may columns of texts become before rows are stacked; the first that lets them fit."""
_WIDEST = 100
"""A table that is no wider leaves the rest of a wide line empty: a label far from its figures is hard to follow."""


def table_lines(table: Table, width: int, paint: Painter, reasons: Sequence[str] = ()) -> list[str]:
    """The table below its title and `reasons`, in lines of at most `width` columns. A figure is never on two lines but
    where it is wider than a line."""
    heads = list(table.heads)
    rows = [[cell_text(cell) for cell in row] for row in table.rows]
    foot = [cell_text(cell) for cell in table.foot]
    figures = table.columns
    title = [paint.bold(line) for line in wrapped(table.title, width)] if table.title else []
    lines = [*title, *reasons]
    widths = _widths(heads, [*rows, foot] if foot else rows, figures, width - _INDENT)
    if widths is None:
        return [*lines, *_stacked(heads, rows, foot, figures, width, paint)]
    lines += [paint.dim(line) for line in _line(heads, widths, figures, low=True)]
    for row in rows:
        lines += _line(row, widths, figures)
    if foot:
        lines.append(" " * _INDENT + "─" * (sum(widths) + _GAP * (len(widths) - 1)))
        lines += [paint.bold(line) for line in _line(foot, widths, figures)]
    return lines


def _widths(heads: list[str], rows: list[list[str]], figures: tuple[bool, ...], room: int) -> list[int] | None:
    """The width of each column; None where they do not fit beside one another. With figures in the last column the
    first takes what is left, so that they stand at the right."""
    gaps = _GAP * (len(heads) - 1)
    room -= gaps
    columns = list(zip(*rows, strict=True)) or [()] * len(heads)
    widest = [max(map(width_of, column), default=0) for column in columns]
    words = [max(map(width_of, head.split(" "))) for head in heads]
    whole = [max(pair) for pair in zip(widest, map(width_of, heads), strict=True)]
    if sum(whole) <= room:
        widths = whole
    else:
        tried = (_least(widest, words, figures, narrow) for narrow in _LEAST_TEXT)
        least = next((widths for widths in tried if sum(widths) <= room), None)
        if least is None:
            return None
        widths = _shared(least, [max(pair) for pair in zip(widest, words, strict=True)], room)
    if figures[-1]:
        widths[0] += max(min(room, _WIDEST - _INDENT - gaps) - sum(widths), 0)
    return widths


def _least(widest: list[int], words: list[int], figures: tuple[bool, ...], narrow: int) -> list[int]:
    """How wide the columns must be, where texts may be as narrow as that."""
    return [
        max(most, word) if figure else max(min(most, narrow), word)
        for most, word, figure in zip(widest, words, figures, strict=True)
    ]


def _shared(least: list[int], wanted: list[int], room: int) -> list[int]:
    """The widths, at least the least, at most what is wanted: what is left goes to the narrowest that wants more."""
    widths = list(least)
    for _ in range(room - sum(least)):
        short = [n for n, width in enumerate(widths) if width < wanted[n]]
        if not short:
            break
        widths[min(short, key=lambda n: widths[n])] += 1
    return widths


def _line(cells: list[str], widths: list[int], figures: tuple[bool, ...], *, low: bool = False) -> list[str]:
    """A row, on as many lines as its longest text needs; the shorter ones above, or `low`."""
    texts = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    most = max(map(len, texts))
    texts = [[""] * (most - len(text)) + text if low else text + [""] * (most - len(text)) for text in texts]
    lines = []
    for parts in zip(*texts, strict=True):
        placed = [
            right(part, width) if figure else left(part, width)
            for part, width, figure in zip(parts, widths, figures, strict=True)
        ]
        lines.append((" " * _INDENT + (" " * _GAP).join(placed)).rstrip())
    return lines


def _stacked(
    heads: list[str], rows: list[list[str]], foot: list[str], figures: tuple[bool, ...], width: int, paint: Painter
) -> list[str]:
    """Each row below the other, and in it each value behind its head."""
    lines: list[str] = []
    for row in rows:
        lines += _one_below(heads, row, figures, width, paint)
    if foot:
        lines += [" " * _INDENT + "─" * (width - _INDENT), *_one_below(heads, foot, figures, width, paint)]
    return lines


def _one_below(heads: list[str], row: list[str], figures: tuple[bool, ...], width: int, paint: Painter) -> list[str]:
    lines = [" " * _INDENT + line for line in wrapped(row[0], width - _INDENT)]
    room = width - 2 * _INDENT
    for head, value, figure in list(zip(heads, row, figures, strict=True))[1:]:
        if not value:
            continue
        if width_of(head) + _GAP + width_of(value) <= room:
            between = room - width_of(head) - width_of(value) if figure else _GAP
            lines.append(" " * 2 * _INDENT + paint.dim(head) + " " * between + value)
            continue
        parts = wrapped(value, room - _INDENT)
        lines += [" " * 2 * _INDENT + paint.dim(line) for line in wrapped(head, room)]
        lines += [" " * 3 * _INDENT + (right(part, room - _INDENT) if figure else part) for part in parts]
    return lines
