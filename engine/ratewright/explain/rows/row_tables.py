"""Rows of one reason as a table: what differs in columns, the reason once above, what they come to at the foot.

Rows have one reason where their sentences have the same words. Where values differ that have no name, rows are set
apart by the one that takes the fewest; what has no name then is a column under a letter. Rows of a reason of their own
stay rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ratewright.derivation import trace
from ratewright.explain.document import Cell, Detail, Figure, Money, Note, Row, Section, Table
from ratewright.explain.rows.line_rows import money
from ratewright.explain.rows.row_values import Value, title_of_node, values_of
from ratewright.explain.wording.patterns import Pattern, Told, shape_of, told_in, told_of
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import marked, phrase, sentences, unmarked
from ratewright.rating.bill import Line
from ratewright.values.exact import summed

LEAST = 4
"""So many rows of one reason make a table."""
_WHOLE = 12
"""So many rows a table has at normal length; of a longer one its first, its smallest and its largest."""
_FIRST = 5
_WHICH = ("of", "with it")
_APART = 12
"""So many tables at most are made of rows that differ in what has no name."""


class Member(NamedTuple):
    """A row that may stand in a table, with its sentences in pieces and its values. What a rounding made of its amount
    is told apart, at the place in its sentences: it is of rows that were not rounded as well, where others were."""

    row: Row
    told: tuple[Told, ...]
    values: dict[str, Value]
    rounded: int | None


class Tabled(NamedTuple):
    """Rows with reasons of their own, the tables of the others, and what rows these hold."""

    rows: tuple[Row, ...]
    tables: tuple[Table, ...]
    members: tuple[Row, ...]


def tabled(
    rows: Sequence[Row],
    say: Phrases,
    detail: Detail,
    *,
    of: str = "",
    added: Callable[[Row], bool] = lambda row: False,
    behind: Callable[[Row], Iterable[object]] = lambda row: (),
) -> Tabled:
    """Rows that were made inside `marked`, those of one reason as tables.

    `of` is what need not be said again, since it stands above; `added` whether the quantities of rows like this one are
    parts of a whole; `behind` are other nodes that its reasons tell of.
    """
    groups: dict[object, list[Member]] = {}
    plain: list[Row] = []
    for row in rows:
        member = _member(row, behind(row), say, detail)
        plain.append(member.row)
        groups.setdefault((row.kind, row.name, _title(member.row, say), shape_of(member.told)), []).append(member)
    kept: set[int] = set()
    tables: list[Table] = []
    for members in groups.values():
        for part in _parts(members):
            if len(part) < LEAST:
                continue
            kept.update(id(member.row) for member in part)
            first = part[0].row
            title = _title(first, say)
            tables.append(_table(part, "" if title == of else title, added(first), say, detail))
    return Tabled(
        tuple(row for row in plain if id(row) not in kept),
        tuple(tables),
        tuple(row for row in plain if id(row) in kept),
    )


def grouped(section: Section, say: Phrases, detail: Detail, *, added: bool = False) -> Section:
    """A section whose rows were made inside `marked`, those of one reason as tables below the others."""
    made = tabled(section.rows, say, detail, added=lambda row: added)
    return section._replace(rows=made.rows, tables=(*section.tables, *made.tables), members=made.members)


def _title(row: Row, say: Phrases) -> str:
    title = title_of_node(row.node, say)
    return row.label if title is None else title


def _member(row: Row, behind: Iterable[object], say: Phrases, detail: Detail) -> Member:
    told = told_of(row)
    rounding = _rounding_of(row)
    if rounding is None or rounding.before == rounding.after:
        return Member(plain_row(row), told, values_of(row, behind, say), None)
    own = _rounded(rounding, say.cut(rounding.before), say, detail)
    place = told.index(own[0])
    return Member(plain_row(row), tuple(each for each in told if each not in own), values_of(row, behind, say), place)


def _rounding_of(row: Row) -> trace.RoundingTrace | None:
    why = row.node.why if isinstance(row.node, Line) else None
    return why.rounding if isinstance(why, trace.ChargeTrace) and why.rounding.way is not None else None


def _rounded(rounding: trace.RoundingTrace, whole: bool, say: Phrases, detail: Detail) -> tuple[Told, ...]:
    """What is said of a rounding, or would be if it had made a difference."""
    with marked():
        notes = sentences("why", "rounding", "always", rounding, say)
        if detail == "full":
            notes += sentences("more", "rounding", "place", rounding, whole, say)
    return told_in(notes)


def plain_row(row: Row) -> Row:
    """A row as a reader sees it."""
    notes = tuple(Note(note.kind, unmarked(note.text)) for note in row.notes)
    return row._replace(label=unmarked(row.label), how=unmarked(row.how), notes=notes)


def _sentences(members: Sequence[Member], say: Phrases, detail: Detail) -> list[tuple[Told, ...]]:
    """The sentences of rows of one shape, with those of their rounding where some were rounded."""
    place = next((member.rounded for member in members if member.rounded is not None), None)
    roundings = [_rounding_of(member.row) for member in members]
    if place is None:
        return [member.told for member in members]
    whole = any(one is not None and say.cut(one.before) for one in roundings)
    return [
        (*m.told[:place], *(_rounded(one, whole, say, detail) if one is not None else ()), *m.told[place:])
        for m, one in zip(members, roundings, strict=True)
    ]


def _pattern(members: Sequence[Member], told: Sequence[tuple[Told, ...]]) -> Pattern:
    names = {
        head: list(zip(*(member.values[head].ways for member in members), strict=False))
        for head in members[0].values
        if all(head in member.values for member in members)
    }
    return Pattern(told, names)


def _parts(members: list[Member]) -> Iterable[list[Member]]:
    """Rows of one shape, set apart by a value without a name as long as one keeps enough of them together."""
    if len(members) < LEAST:
        return [members]
    own = list(_pattern(members, [member.told for member in members]).own)
    counts = [len(set(texts)) for texts in own]
    together = [(count, n) for n, count in enumerate(counts) if count <= _APART and count * LEAST <= len(members)]
    if not together:
        return [members]
    apart: dict[str, list[Member]] = {}
    for member, text in zip(members, own[min(together)[1]], strict=True):
        apart.setdefault(text, []).append(member)
    return [part for each in apart.values() for part in _parts(each)]


def _table(members: Sequence[Member], title: str, added: bool, say: Phrases, detail: Detail) -> Table:
    pattern = _pattern(members, _sentences(members, say, detail))
    columns, shared = _columns(members, pattern, say)
    heads = _ordered(columns, members[0].values)
    rows = list(zip(*(columns[head] for head in heads), strict=True))
    shown = range(len(rows)) if detail == "full" or len(rows) <= _WHOLE else _shown(members, heads)
    left = [member for n, member in enumerate(members) if n not in set(shown)]
    notes = _spread(members, say)
    if left:
        notes += sentences("more", "records", "left", len(left), members[0].row.kind, *_sums(left, added, say), say)
    return Table(
        members[0].row.name,
        ", ".join(part for part in (title, *shared) if part),
        tuple(heads),
        tuple(rows[n] for n in shown),
        _foot(heads, columns, members, added, say),
        tuple(notes),
        pattern.notes,
        tuple(members[n].row for n in shown),
    )


def _columns(members: Sequence[Member], pattern: Pattern, say: Phrases) -> tuple[dict[str, list[Cell]], list[str]]:
    """What is told in columns, by their heads; and what says which rows they are and is the same for all."""
    columns: dict[str, list[Cell]] = {}
    shared: list[str] = []
    for head, first in members[0].values.items():
        told = [member.values[head] for member in members if head in member.values]
        if len(told) < len(members):
            continue
        differs = len({value.ways[0] for value in told}) > 1
        said = any(first.ways[0] in note.text for note in pattern.notes)
        always = isinstance(first.cell, Money) or (first.place == "always" and (differs or not said))
        if first.place == "of" and not differs:
            shared += [first.ways[0]] if first.ways[0] != say.label(say.period) else []
        elif always or head in pattern.used or (differs and first.place in _WHICH):
            columns[head] = [value.cell for value in told]
    if not any(members[0].values[head].place == "of" for head in columns):
        columns = {phrase("column", "line"): [say.plain(n) for n in range(1, len(members) + 1)], **columns}
    return columns | {head: list(texts) for texts, head in pattern.own.items()}, shared


def _ordered(columns: dict[str, list[Cell]], values: dict[str, Value]) -> list[str]:
    """What says which row it is first, the amount last."""
    last = [head for head, cells in columns.items() if isinstance(cells[0], Money)]
    first = [head for head in columns if head not in values or values[head].place in _WHICH]
    own = [head for head in first if head not in values and head != next(iter(columns))]
    first = [head for head in first if head not in own]
    middle = [head for head in columns if head not in (*first, *own, *last)]
    return [*first, *middle, *own, *last]


def _shown(members: Sequence[Member], heads: Sequence[str]) -> list[int]:
    """Of many rows the first, and the smallest and the largest amount; of rows that are all alike the first and the
    last."""
    if all(_alike(members, head) for head in heads[1:]):
        return [0, len(members) - 1]
    amounts = [member.row.money.amount if member.row.money else 0 for member in members]
    ends = {amounts.index(min(amounts)), amounts.index(max(amounts))} if len(set(amounts)) > 1 else set()
    return sorted({*range(_FIRST), *ends})


def _alike(members: Sequence[Member], head: str) -> bool:
    """Whether rows have the same in a column, unless it says which of them it is."""
    first = members[0].values.get(head)
    if first is None:
        return False
    return first.place in _WHICH or all(member.values[head].ways[0] == first.ways[0] for member in members)


def _sums(members: Sequence[Member], added: bool, say: Phrases) -> tuple[str, str]:
    """What the quantities of rows come to, where they may be added, and the amounts."""
    figure, amount = _quantities(members, say) if added else None, _amounts(members, say)
    return figure.text if figure is not None else "", amount.text if amount is not None else ""


def _quantities(members: Sequence[Member], say: Phrases) -> Figure | None:
    figures = [member.row.quantity for member in members if member.row.quantity is not None]
    if len(figures) < len(members) or any(figure.unit != figures[0].unit for figure in figures):
        return None
    total, unit = summed(figure.value for figure in figures), figures[0].unit
    return Figure(total, unit, say.quantity(total, unit))


def _amounts(members: Sequence[Member], say: Phrases) -> Money | None:
    amounts = [member.row.money for member in members if member.row.money is not None]
    if not amounts:
        return None
    return money(summed(each.amount for each in amounts), summed(each.exact for each in amounts), say)


def _foot(
    heads: Sequence[str], columns: dict[str, list[Cell]], members: Sequence[Member], added: bool, say: Phrases
) -> tuple[Cell, ...]:
    """How many rows there are, and the sums of what may be added."""
    cells: list[Cell] = [phrase("records", "row", len(members), members[0].row.kind, say)]
    for head in heads[1:]:
        cell = columns[head][0]
        if isinstance(cell, Money):
            cells.append(_amounts(members, say))
        elif isinstance(cell, Figure) and added:
            cells.append(_quantities(members, say))
        else:
            cells.append(None)
    return tuple(cells)


def _spread(members: Sequence[Member], say: Phrases) -> list[Note]:
    """The smallest and the largest of many amounts, and their mean."""
    amounts = [member.row.money.amount for member in members if member.row.money is not None]
    if len(amounts) <= _WHOLE or len(set(amounts)) == 1:
        return []
    mean = say.each(summed(amounts), len(amounts))
    return sentences("why", "records", "spread", min(amounts), max(amounts), mean, say)
