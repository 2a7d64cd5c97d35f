"""CSV → batches of rows, each with its line."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ratewright.diagnostics import did_you_mean, line_span
from ratewright.usage import codes
from ratewright.usage.entry_rows import BATCH
from ratewright.usage.files import StoredSource
from ratewright.usage.findings import AtLine, Findings, RecordFindings
from ratewright.usage.problem import Problem, instead, require_visible
from ratewright.usage.record_columns import Batch
from ratewright.usage.record_texts import KEYS

_LINE_END = re.compile(r"\r\n|\r|\n")


def csv_batches(lines: Iterable[str], source: StoredSource, meter: str | None, findings: Findings) -> Iterator[Batch]:
    """The rows below the header. What is wrong with the header or a row is added to `findings`."""
    reader = csv.reader(lines, strict=True)
    rows: list[list[str]] = []
    numbers: Sequence[int]
    line = 1
    try:
        header = next(reader, None)
        if header is None:
            help = "begin with a line of column names"
            findings.add(codes.EMPTY_FILE, "the file is empty", line_span(source, 1), help)
            return
        columns = [cell.strip() for cell in header]
        problems = list(_header_problems(columns, meter))
        for problem in problems:
            findings.add_problem(problem, line_span(source, 1))
        if problems:
            return
        line = reader.line_num + 1
        while True:
            rows.extend(islice(reader, BATCH))
            if not rows:
                return
            after = reader.line_num + 1
            numbers = range(line, after) if after - line == len(rows) else _lines_of(rows, line)
            yield _batch(tuple(columns), rows, numbers, source, findings)
            rows = []
            line = after
    except csv.Error as error:
        if rows:
            numbers = _lines_of(rows, line)
            yield _batch(tuple(columns), rows, numbers, source, findings)
            line = numbers[-1] + _height(rows[-1])
        message = f"this is not well-formed CSV: {error}"
        help = 'write `""` for a quote inside quotes'
        findings.add(codes.BAD_CSV, message, line_span(source, line), help)


def _batch(
    columns: tuple[str, ...],
    rows: list[list[str]],
    lines: Sequence[int],
    source: StoredSource,
    findings: Findings,
) -> Batch:
    width = len(columns)
    if set(map(len, rows)) == {width}:
        return _whole(columns, lines, rows, source)
    numbered = list(zip(lines, rows, strict=True))
    for number, row in numbered:
        # A blank line is a row of no cells, and means nothing.
        if row and len(row) != width:
            message = f"the row has {_count(len(row), 'cell')}, the header {_count(width, 'column')}"
            help = "one cell a column, empty for nothing; a cell with a comma stands in double quotes"
            RecordFindings(findings, AtLine(source, number)).add(codes.CELLS, message, "", help)
    fitting = [(number, row) for number, row in numbered if len(row) == width]
    return _whole(columns, [number for number, _ in fitting], [row for _, row in fitting], source)


def _whole(columns: tuple[str, ...], lines: Sequence[int], rows: list[list[str]], source: StoredSource) -> Batch:
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    return Batch(columns, cells, lines, lambda number: AtLine(source, lines[number]), sparse=True)


def _lines_of(rows: list[list[str]], line: int) -> list[int]:
    """The first line of each row: a cell in quotes may hold line ends."""
    lines = []
    for row in rows:
        lines.append(line)
        line += _height(row)
    return lines


def _height(row: list[str]) -> int:
    text = "".join(row)
    return 1 + len(_LINE_END.findall(text)) if "\n" in text or "\r" in text else 1


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _header_problems(columns: list[str], meter: str | None) -> Iterator[Problem]:
    for number, name in enumerate(columns, start=1):
        try:
            if not name:
                raise Problem(codes.NO_VALUE, f"column {number} has no name", "name it, or remove it")
            require_visible(name)
        except Problem as problem:
            yield problem
    for name, times in Counter(columns).items():
        if name and times > 1:
            yield Problem(codes.DUPLICATE_COLUMN, f"the column `{name}` is there twice", "keep one of the two")
    split = len(columns) == 1 and any(mark in columns[0] for mark in ";\t|")
    commas = "separate the columns with commas" if split else ""
    if "meter" not in columns and meter is None:
        help = commas or instead("meter", did_you_mean("meter", [name for name in columns if name not in KEYS]))
        ways = "add the column, or write `{file: …, meter: …}` if all rows are of one meter"
        yield Problem(codes.MISSING_COLUMN, "there is no column `meter`", help or ways)
    if not any(key in columns for key in ("at", "in", "from")):
        ways = "add a column `at` for events, `from` and `to` for states, or `in` for totals"
        yield Problem(codes.MISSING_COLUMN, "there is no column `at`, `in` or `from`", commas or ways)
