"""Files of records: which there are, and whether their bytes can be read at all.

They are streamed, and their text is not kept; a message that quotes a line fetches it again.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path

from ratewright.diagnostics import line_span
from ratewright.limits import KIB, Limits
from ratewright.usage import codes
from ratewright.usage.csv_table import csv_batches
from ratewright.usage.files import StoredSource, not_utf8, reason
from ratewright.usage.findings import Findings
from ratewright.usage.json_lines import json_batches
from ratewright.usage.problem import Problem
from ratewright.usage.record_columns import Batch


def batches_of(
    path: Path, source: StoredSource, meter: str | None, limits: Limits, findings: Findings
) -> Iterator[Batch]:
    """The rows of a file whose name ends in .csv, .jsonl or .ndjson, in batches.

    `meter` is that of rows without one. What is wrong with the file or a row is added to `findings`, and
    such a row is not yielded; nothing is yielded if a line is too long or not UTF-8.
    """
    try:
        wrong = _wrong_line(path, limits)
        if wrong is not None:
            line, problem = wrong
            findings.add_problem(problem, line_span(source, line))
            return
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix.lower() == ".csv":
                yield from csv_batches(file, source, meter, findings)
            else:
                yield from json_batches(file, source, findings)
    except OSError as error:
        message = f"`{source.name}` cannot be read: {reason(error)}"
        findings.add_for_file(codes.NOT_READABLE, message, source.name)


def require_table(text: str) -> None:
    """Raises Problem if the name's ending is none that is read."""
    suffix = Path(text).suffix.lower()
    if suffix in (".csv", ".jsonl", ".ndjson"):
        return
    if suffix in (".yaml", ".yml", ".json"):
        help = "a fixture holds its own records; tables are .csv, .jsonl or .ndjson"
    else:
        help = "write the records as .csv, .jsonl or .ndjson"
    raise Problem(codes.UNKNOWN_FORMAT, f"`{text}` is no kind of table that is read", help)


_BLOCK = 64 * KIB


def _wrong_line(path: Path, limits: Limits) -> tuple[int, Problem] | None:
    """The first line that is too long or not UTF-8, found before any row is read.

    Looking at the bytes once costs little, lets the rows be read without a check of each line, and keeps
    a file of one endless line out of memory.
    """
    limit = limits.json_line_bytes
    decoder = getincrementaldecoder("utf-8")()
    line, carried = 1, 0
    with path.open("rb") as file:
        while block := file.read(min(_BLOCK, limit)):
            first = block.find(b"\n")
            if carried + (first if first >= 0 else len(block)) > limit:
                message = f"the line is longer than {limit:,} bytes"
                return line, Problem(
                    codes.LINE_TOO_LONG, message, "write one record a line, or raise the limit with --max-line-bytes"
                )
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                # The decoder counts from the bytes that it kept of the block before.
                at = max(0, error.start - (len(error.object) - len(block)))
                line += block.count(b"\n", 0, at)
                return line, not_utf8(line)
            line += block.count(b"\n")
            last = block.rfind(b"\n")
            carried = carried + len(block) if last < 0 else len(block) - last - 1
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line, not_utf8(line)
    return None
