"""The explanation before it has a form: sections of rows with their reasons, all of it ready text.

Every string is one line of printable text (`word_templates.clean`); layouts escape and arrange it, and change
nothing.
`node` is what the words were made from, so that the JSON form can give the same figures exactly.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from ratewright.values.exact import Exact
from ratewright.values.units import Unit

Detail = Literal["short", "normal", "full"]
NoteKind = Literal["said", "why", "hint", "more", "quote", "rule"]
"""What a line says of itself; a reason, something worth knowing; for the full length a detail, the source's words, the
rule's place."""


class Link(NamedTuple):
    """Words that lead to another place of the same page: the `id` of a bill, a section, or a line that is quoted."""

    text: str
    target: str


class Note(NamedTuple):
    """A sentence or two below a row, a section or the whole. `links` are pieces of it that lead to quoted rules."""

    kind: NoteKind
    text: str
    links: tuple[Link, ...] = ()


class Figure(NamedTuple):
    """A quantity: its exact value in base units of `unit`, and as a reader sees it."""

    value: Exact
    unit: Unit
    text: str


class Money(NamedTuple):
    """An amount: the one billed, the exact one before rounding, and the former as a reader sees it."""

    amount: Exact
    exact: Exact
    text: str


class RulePlace(NamedTuple):
    """Where a rule is written, by the name that the user gave its file; `id` is that of the line where it is quoted."""

    file: str
    line: int
    id: str


class QuotedLine(NamedTuple):
    """A line of a rule file."""

    number: int
    text: str
    id: str


class Quoted(NamedTuple):
    """The lines of a rule file that a document tells of, as they were read."""

    file: str
    lines: tuple[QuotedLine, ...]


Cell = str | Figure | Money | Link | None
"""What stands in a cell of a table; None where there is nothing."""


class Table(NamedTuple):
    """Figures side by side: each row has a cell for each head, and so has the foot, where there is one.

    The first cell of a row says what the row is of. `title` says what the table is of, and the currency where its
    amounts have none. `reasons` stand above it and hold for each row: in them `‹head›` is what the row has under that
    head. `notes` stand below. `of` are the rows of a section that its rows stand for, `rules` where their rules are
    written.
    """

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...] = ()
    notes: tuple[Note, ...] = ()
    reasons: tuple[Note, ...] = ()
    of: tuple[Row, ...] = ()
    rules: tuple[RulePlace | None, ...] = ()

    @property
    def columns(self) -> tuple[bool, ...]:
        """Which columns have figures, and stand at the right."""
        rows = (*self.rows, self.foot) if self.foot else self.rows
        return tuple(any(isinstance(row[n], Figure | Money) for row in rows) for n in range(len(self.heads)))


def cell_text(cell: Cell) -> str:
    """A cell as a reader sees it."""
    return cell if isinstance(cell, str) else "" if cell is None else cell.text


def without_empty_columns(table: Table) -> Table:
    """The table without the columns in which no row has anything."""
    kept = [n for n in range(len(table.heads)) if n == 0 or any(row[n] not in (None, "") for row in table.rows)]
    return table._replace(
        heads=tuple(table.heads[n] for n in kept),
        rows=tuple(tuple(row[n] for n in kept) for row in table.rows),
        foot=tuple(table.foot[n] for n in kept) if table.foot else (),
    )


class Bar(NamedTuple):
    """One bar of a picture: what it is of, in a few letters, below them what several bars are of; its height in
    thousandths of the highest, below 0 where the bar goes down; and its figure."""

    label: str
    below: str
    height: int
    text: str


class Bars(NamedTuple):
    """A picture of figures that stand in a table beside it. `text` says what is seen in it."""

    text: str
    bars: tuple[Bar, ...]


class Row(NamedTuple):
    """One entry of a section. `name` is the name in the rule file, `how` a few words on the figures. `seen` marks one
    whose notes are not folded away: what was refused or not covered."""

    kind: str
    name: str
    label: str
    quantity: Figure | None = None
    how: str = ""
    money: Money | None = None
    notes: tuple[Note, ...] = ()
    node: object = None
    seen: bool = False
    rule: RulePlace | None = None


class Section(NamedTuple):
    """What belongs together: a meter with its sources and lines, a limit, what was bought, what is left.

    `used` tells its quantity: how much was used, or measured. Its tables stand below its rows, and a picture of their
    figures below them; `members` are rows that a table stands for, which are told in full where the document is data.
    `id` is what a link of the summary leads to.
    """

    kind: str
    name: str
    title: str
    quantity: Figure | None = None
    remark: str = ""
    rows: tuple[Row, ...] = ()
    notes: tuple[Note, ...] = ()
    node: object = None
    used: str = ""
    tables: tuple[Table, ...] = ()
    members: tuple[Row, ...] = ()
    picture: Bars | None = None
    rule: RulePlace | None = None
    id: str = ""


def reasons_first(notes: tuple[Note, ...]) -> tuple[list[Note], list[Note]]:
    """A section's notes that stand above its rows, the reasons, and those that stand below."""
    return [n for n in notes if n.kind == "why"], [n for n in notes if n.kind != "why"]


class Document(NamedTuple):
    """The explanation of one bill. `heading` are the lines beside the title: price list, day of issue.

    `summary` stands before all else, `sums` at its foot; the last of them is what is to be paid. `id` is what links of
    the same page lead to. Of an `idle` bill there is nothing to tell: in a statement it is a row of the summary.
    `rules` are quoted for the full length.
    """

    title: str
    heading: tuple[str, ...]
    sections: tuple[Section, ...]
    sums: tuple[Row, ...]
    notes: tuple[Note, ...]
    detail: Detail
    node: object
    summary: tuple[Section, ...] = ()
    id: str = ""
    idle: bool = False
    rules: tuple[Quoted, ...] = ()


class Collection(NamedTuple):
    """The explanation of a statement: its summary, its bills and their sum."""

    title: str
    heading: tuple[str, ...]
    documents: tuple[Document, ...]
    sums: tuple[Row, ...]
    detail: Detail
    node: object
    summary: tuple[Section, ...] = ()
    rules: tuple[Quoted, ...] = ()
