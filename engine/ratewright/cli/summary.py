"""`ratewright test --summary` for readers: a table of price lists, and the rows that no example reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ratewright.cli.report import disputed, head, totals
from ratewright.cli.words import counted
from ratewright.diagnostics import visible
from ratewright.trial.results import Status, Trial
from ratewright.trial.summary import Listed, Summary, count, row_text

_HEADS = (
    "price list",
    "examples",
    *(status.value for status in Status if status is not Status.ERROR),
    "errors",
    "rows",
)


def summarized(summary: Summary, color: bool) -> str:
    """The sums of each list and of all, what went wrong, what is disputed, and what was not reached."""
    parts = ["\n".join(_table(summary))]
    if summary.missing:
        parts.append("\n".join(_missing(summary)))
    wrong = [t for t in summary.trials if t.status in (Status.FAILED, Status.ERROR)]
    if wrong:
        parts.append("\n".join(head(trial, color) for trial in wrong))
    parts += disputed(summary.trials, color)
    rows = list(_unreached(summary.lists))
    if rows:
        parts.append("\n".join(["Rows that no example reaches:", *rows]))
    missing = f", {len(summary.missing):,} missing" if summary.missing else ""
    return "\n\n".join([*parts, totals(summary.trials) + missing]) + "\n"


def _table(summary: Summary) -> Iterator[str]:
    rows = [_HEADS, *(_row(one.file, one.trials, [one]) for one in summary.lists)]
    if summary.others:
        rows.append(_row("of no list", summary.others, []))
    if len(rows) > 2:
        rows.append(_row(counted(len(summary.lists), "list"), summary.trials, summary.lists))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield f"{row[0]:<{widths[0]}}  {'  '.join(cells)}"


def _row(name: str, trials: Sequence[Trial], lists: Sequence[Listed]) -> tuple[str, ...]:
    """Its name, how many examples ended in which way, and how many rows of all they reach."""
    rows = sum(len(one.rows) for one in lists)
    reached = rows - sum(len(one.unreached) for one in lists)
    ends = [f"{number:,}" for number in count(trials).values()]
    return (visible(name), f"{len(trials):,}", *ends, f"{reached:,} of {rows:,}" if lists else "")


def _missing(summary: Summary) -> Iterator[str]:
    yield f"Missing, since they could not be read: {counted(len(summary.missing), 'price list')}"
    for one in summary.missing:
        first = one.problems[0] if one.problems else None
        place = first.place if first is not None and first.place else one.file
        yield f"  {visible(place)}: {visible(first.message) if first is not None else 'nothing in it can be used'}"


def _unreached(lists: Sequence[Listed]) -> Iterator[str]:
    rows = [(row.span.place, row.kind, row_text(row)) for one in lists for row in one.unreached]
    widths = [max((len(visible(row[column])) for row in rows), default=0) for column in range(2)]
    for place, kind, text in rows:
        yield f"  {visible(place):<{widths[0]}}  {kind:<{widths[1]}}  {visible(text)}"
