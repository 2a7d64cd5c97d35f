"""What tables say of each of their rows: the sentences above them, with the cells of a row put in for `‹head›`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import product

from ratewright.explain.document import Row, Section, Table, cell_text

NAMED = re.compile(r"‹([^›]*)›")
FIGURE = re.compile(r"-?[\d,.]+…?(?= )")


def of_rows(table: Table) -> Iterator[list[str]]:
    """For each row of a table the sentences that are told of it."""
    told = [note.text for note in table.reasons]
    for row in table.rows:
        cells = dict(zip(table.heads, map(cell_text, row), strict=True))
        yield [NAMED.sub(lambda found, cells=cells: cells[found[1]], text) for text in told]


def said_of_rows(section: Section) -> Iterator[str]:
    """All sentences of the tables of a section, each for each of its rows."""
    for table in section.tables:
        yield from dict.fromkeys(text for row in of_rows(table) for text in row)


def without_told(rows: Sequence[Row], table: Table) -> list[Row]:
    """Rows without those that a table tells: each of its rows says all that one of them says, by whatever way a figure
    is written there."""
    left = list(rows)
    for cells in table.rows:
        texts = dict(zip(table.heads, map(cell_text, cells), strict=True))
        told = {text for note in table.reasons for text in _ways(note.text, texts)}
        place = next((n for n, row in enumerate(left) if _is_told(row, told)), None)
        assert place is not None, (cells, table.reasons)
        del left[place]
    return left


def _is_told(row: Row, told: Set[str]) -> bool:
    return all(text in told for text in (row.how, *(note.text for note in row.notes)) if text)


def _ways(text: str, cells: dict[str, str]) -> Iterator[str]:
    """A sentence with the cells of a row, of which a figure may stand without its unit: in each way to write it."""
    parts = NAMED.split(text)
    ways: list[tuple[str, ...]] = []
    for number, part in enumerate(parts):
        figure = FIGURE.match(cells[part]) if number % 2 else None
        own = (cells[part] if number % 2 else part,)
        ways.append(own if figure is None else (*own, figure[0]))
    return map("".join, product(*ways))
