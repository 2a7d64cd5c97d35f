"""The explanation for a terminal: columns that fit the width, amounts at the right, reasons below."""

from __future__ import annotations

from typing import NamedTuple

from ratewright.explain.document import Collection, Document, Note, Row, Section, reasons_first
from ratewright.explain.text.text_columns import left, right, width_of, wrapped
from ratewright.explain.text.text_paint import Painter
from ratewright.explain.text.text_rules import quoted_lines
from ratewright.explain.text.text_tables import table_lines
from ratewright.explain.wording import time_phrases
from ratewright.explain.wording.word_templates import layout, layout_words

_LEAST_WIDTH = 40
_LEAST_HOW = 24
_LEAST_LABEL = 16
_GAP = "  "
_MARKS = {"said": "", "why": "", "hint": "→ ", "more": "", "quote": "", "rule": ""}


class _Columns(NamedTuple):
    """How wide each column is; `how` and `quantity` are 0 where they go below their line."""

    total: int
    label: int
    quantity: int
    how: int
    money: int


def to_text(document: Document | Collection, color: bool, width: int) -> str:
    """The document in lines of at most `width` columns, 40 at least."""
    width = max(width, _LEAST_WIDTH)
    paint = Painter(color)
    if isinstance(document, Collection):
        bills = [_bill(bill, width, paint) for bill in document.documents if not bill.idle]
        columns = _columns(list(document.sums), width)
        return layout("text/statement.txt").render(
            head="\n".join(_head(document.title, document.heading, width, paint)),
            summary=_summary(document.summary, width, paint),
            bills=bills,
            total="\n".join(_sums(document.sums, columns, paint)),
            rules=_rules(document, width, paint),
            rule="═" * width,
        )
    return _bill(document, width, paint)


def _bill(document: Document, width: int, paint: Painter) -> str:
    rows = [row for section in document.sections for row in section.rows]
    columns = _columns([*rows, *(Row(row.kind, row.name, "", money=row.money) for row in document.sums)], width)
    return layout("text/bill.txt").render(
        head="\n".join(_head(document.title, document.heading, width, paint)),
        summary=_summary(document.summary, width, paint),
        sections=["\n".join(_section(section, columns, paint)) for section in document.sections],
        total="\n".join(_sums(document.sums, columns, paint)),
        notes="\n".join(line for note in document.notes for line in _note(note, 0, width, paint)),
        rules=_rules(document, width, paint),
        rule="─" * width,
    )


def _rules(document: Document | Collection, width: int, paint: Painter) -> str:
    lines = list(quoted_lines(document.rules, width))
    return (
        "\n".join([*map(paint.bold, wrapped(layout_words()["rules"], width)), *map(paint.dim, lines)]) if lines else ""
    )


def _summary(sections: tuple[Section, ...], width: int, paint: Painter) -> list[str]:
    rows = [row for section in sections for row in section.rows]
    return ["\n".join(_section(section, _columns(rows, width), paint)) for section in sections]


def _columns(rows: list[Row], width: int) -> _Columns:
    money = max((width_of(row.money.text) for row in rows if row.money), default=0)
    quantity = max((width_of(row.quantity.text) for row in rows if row.quantity), default=0)
    label = max((width_of(row.label) for row in rows), default=0)
    room = width - quantity - money - 4 * len(_GAP)
    if room < _LEAST_LABEL:
        return _Columns(width, min(label, width - money - 2 * len(_GAP)), 0, 0, money)
    how = min(max((width_of(row.how) for row in rows), default=0), room * 3 // 5)
    label = max(min(label, room - how), min(label, _LEAST_LABEL))
    how = room - label
    return _Columns(width, label, quantity, how if how >= _LEAST_HOW else 0, money)


def _head(title: str, heading: tuple[str, ...], width: int, paint: Painter) -> list[str]:
    room = width - width_of(title) - 4
    if heading and max(map(width_of, heading)) <= room:
        first = " " * (width - width_of(title) - width_of(heading[0])) + heading[0]
        return [paint.bold(title) + first, *(right(line, width) for line in heading[1:])]
    lines = [paint.bold(line) for line in wrapped(title, width)]
    return lines + [line for text in heading for line in wrapped(text, width)]


def _section(section: Section, columns: _Columns, paint: Painter) -> list[str]:
    lines: list[str] = []
    if section.title:
        words = layout_words()
        remark = f"{words['opened']}{section.remark}{words['closed']}" if section.remark else ""
        lines += _titled(section.title, [part for part in (section.used, remark) if part], columns, paint)
    first, after = reasons_first(section.notes)
    for note in first:
        lines += _note(note, 2, columns.total, paint)
    for row in section.rows:
        lines += _row(row, columns, paint)
    for number, table in enumerate(section.tables):
        if number or section.rows or (first and table.title):
            lines.append("")
        reasons = [line for note in table.reasons for line in _note(note, 2, columns.total, paint)]
        lines += table_lines(table, columns.total, paint, reasons)
        for note in table.notes:
            lines += _note(note, 2, columns.total, paint)
    for note in after:
        lines += _note(note, 2, columns.total, paint)
    return lines


def _titled(title: str, rest: list[str], columns: _Columns, paint: Painter) -> list[str]:
    beside = _GAP.join([title, *rest])
    if not rest:
        return [paint.bold(line) for line in wrapped(title, columns.total)]
    if width_of(beside) <= columns.total:
        return [paint.bold(title) + _GAP + _GAP.join(rest)]
    return [paint.bold(line) for line in wrapped(title, columns.total)] + [
        "  " + line for part in rest for line in wrapped(part, columns.total - 2)
    ]


def _row(row: Row, columns: _Columns, paint: Painter) -> list[str]:
    labels = wrapped(row.label, columns.label)
    beside = wrapped(row.how, columns.how) if columns.how and row.how else [""]
    quantity = row.quantity.text if row.quantity else ""
    money = row.money.text if row.money else ""
    lines = []
    for n in range(max(len(labels), len(beside))):
        body = _GAP + left(labels[n] if n < len(labels) else "", columns.label)
        if columns.quantity:
            body += _GAP + right(quantity if n == 0 else "", columns.quantity)
        if columns.how:
            body += _GAP + left(beside[n] if n < len(beside) else "", columns.how)
        if n == 0 and money:
            body += right(money, max(columns.total - width_of(body), width_of(money) + len(_GAP)))
        lines.append(body.rstrip())
    below = [] if columns.quantity or not quantity else [quantity]
    if row.how and not columns.how:
        below.append(row.how)
    if below:
        lines += ["      " + line for line in wrapped(time_phrases.beside(*below), columns.total - 6)]
    for note in row.notes:
        lines += _note(note, 6, columns.total, paint)
    return lines


def _note(note: Note, indent: int, width: int, paint: Painter) -> list[str]:
    mark = _MARKS[note.kind]
    first, *rest = wrapped(mark + note.text, width - indent, width - indent - 2)
    lines = [" " * indent + first, *(" " * (indent + 2) + line for line in rest)]
    return [paint.dim(line) for line in lines] if note.kind == "rule" else lines


def _sums(rows: tuple[Row, ...], columns: _Columns, paint: Painter) -> list[str]:
    """The sums below one another; the last, which is to be paid, stands out."""
    lines = [line for row in rows[:-1] for line in _sum(row, columns, Painter(False))]
    return lines + _sum(rows[-1], columns, paint)


def _sum(row: Row, columns: _Columns, paint: Painter) -> list[str]:
    money = row.money.text if row.money else ""
    room = columns.total - max(columns.money, width_of(money)) - 2
    *above, last = wrapped(time_phrases.beside(row.label, row.how), room)
    words = right(last, room)
    lines = [*(right(line, room) for line in above), words + paint.bold(right(money, columns.total - width_of(words)))]
    for note in row.notes:
        lines += [right(line, columns.total) for line in wrapped(note.text, columns.total)]
    return lines
