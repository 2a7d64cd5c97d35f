"""`ratewright test --summary` for readers: a table of price lists, and the rows that no example reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ratewright.cli.report import disputes, head, totals
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
# From this many price lists on, those at which nothing is to be looked at are one line together.
_A_PAGE = 20


def summarized(summary: Summary, color: bool) -> str:
    """The sums of each list and of all, what went wrong, what is disputed, and what was not reached."""
    parts = ["\n".join(_table(summary))]
    if summary.missing:
        parts.append("\n".join(_missing(summary)))
    wrong = [t for t in summary.trials if t.status in (Status.FAILED, Status.ERROR)]
    if wrong:
        parts.append("\n".join(head(trial, color) for trial in wrong))
    if printed := list(_disputed(summary.trials)):
        parts.append("\n".join(["They hold, and the source prints another figure:", *printed]))
    if rows := list(_unreached(summary.lists)):
        parts.append("\n".join(["Rows that no example reaches:", *rows]))
    missing = f", {len(summary.missing):,} missing" if summary.missing else ""
    return "\n\n".join([*parts, totals(summary.trials) + missing]) + "\n"


def _table(summary: Summary) -> Iterator[str]:
    shown, folded = _apart(summary.lists)
    rows = [_HEADS, *(_row(one.file, one.trials, [one]) for one in shown)]
    if folded:
        trials = [trial for one in folded for trial in one.trials]
        rows.append(_row(f"{len(folded):,} lists of which all holds", trials, folded))
    if summary.others:
        rows.append(_row("of no list", summary.others, []))
    if len(summary.lists) + bool(summary.others) > 1:
        rows.append(_row(counted(len(summary.lists), "list"), summary.trials, summary.lists))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield f"{row[0]:<{widths[0]}}  {'  '.join(cells)}"


def _apart(lists: Sequence[Listed]) -> tuple[list[Listed], list[Listed]]:
    """Those that have a line of their own, and those that are told together: none of few lists."""
    if len(lists) <= _A_PAGE:
        return list(lists), []
    return [one for one in lists if not _whole(one)], [one for one in lists if _whole(one)]


def _whole(one: Listed) -> bool:
    return bool(one.trials) and not one.unreached and all(t.status is Status.PASSED for t in one.trials)


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


def _disputed(trials: Sequence[Trial]) -> Iterator[str]:
    return _columns([(f"{t.file}:{line}", text) for t in trials for line, text in disputes(t)])


def _unreached(lists: Sequence[Listed]) -> Iterator[str]:
    return _columns([(row.span.place, row.kind, row_text(row)) for one in lists for row in one.unreached])


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Lines of equal cells; the last one is as long as it is."""
    shown = [tuple(visible(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in list(zip(*shown, strict=True))[:-1]]
    for *cells, last in shown:
        yield "".join(f"  {cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) + f"  {last}"
