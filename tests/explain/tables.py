"""What tables say of each of their rows: the sentences above them, with the cells of a row put in for `‹head›`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ratewright.explain.document import Row, Section, Table, cell_text

NAMED = re.compile(r"‹([^›]*)›")


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
        patterns = [_pattern(note.text, texts) for note in table.reasons]
        place = next((n for n, row in enumerate(left) if _is_told(row, patterns)), None)
        assert place is not None, (cells, table.reasons)
        del left[place]
    return left


def _is_told(row: Row, patterns: Sequence[re.Pattern[str]]) -> bool:
    own = [row.how, *(note.text for note in row.notes)]
    return all(any(pattern.fullmatch(text) for pattern in patterns) for text in own if text)


def _pattern(text: str, cells: dict[str, str]) -> re.Pattern[str]:
    """A sentence with the cells of a row, of which a figure may stand without its unit."""
    parts = NAMED.split(text)
    for number in range(1, len(parts), 2):
        cell = cells[parts[number]]
        figure = re.match(r"-?[\d,.]+…?(?= )", cell)
        ways = [cell, figure[0]] if figure else [cell]
        parts[number] = f"(?:{'|'.join(map(re.escape, ways))})"
    return re.compile("".join(part if n % 2 else re.escape(part) for n, part in enumerate(parts)))
