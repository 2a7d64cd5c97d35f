"""Price lists in sum: how their examples ended, and which of their rows no example reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ratewright.diagnostics import Diagnostic, as_data
from ratewright.meaning import nodes as tree
from ratewright.trial.reach import Row, rows_of, unreached
from ratewright.trial.results import Status, Trial


@dataclass(frozen=True)
class Listed:
    """A price list with the examples and fixtures that were run of it."""

    file: str
    tariff: tree.Tariff
    trials: Sequence[Trial]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows that examples should reach."""
        return rows_of(self.tariff)

    @cached_property
    def unreached(self) -> list[Row]:
        """Those that none does."""
        return unreached(self.rows, {span for trial in self.trials for span in trial.reached})


@dataclass(frozen=True)
class Missing:
    """A rule file that could not be read, and why."""

    file: str
    problems: Sequence[Diagnostic]


@dataclass(frozen=True)
class Summary:
    """All that was run. `others` are trials of no list, as fixtures that could not be read."""

    lists: Sequence[Listed]
    missing: Sequence[Missing]
    others: Sequence[Trial]

    @property
    def trials(self) -> list[Trial]:
        """The trials of all lists, and the others."""
        return [*(trial for one in self.lists for trial in one.trials), *self.others]


def count(trials: Iterable[Trial]) -> dict[Status, int]:
    """How many trials ended in which way."""
    ends = [trial.status for trial in trials]
    return {status: ends.count(status) for status in Status}


def row_text(row: Row) -> str:
    """A row in one line, as it is written."""
    return " ".join(row.span.text.split())


def summary_data(summary: Summary) -> dict[str, Any]:
    """The sums for machines."""
    lists = summary.lists
    return {
        "schema": "ratewright/test-summary/1",
        "lists": [_list_data(one) for one in lists],
        "missing": [{"file": m.file, "diagnostics": [as_data(d) for d in m.problems]} for m in summary.missing],
        "others": [_trial_data(trial) for trial in summary.others],
        "summary": {
            "lists": len(lists),
            "missing": len(summary.missing),
            **_counts(summary.trials),
            "rows": sum(len(one.rows) for one in lists),
            "unreached": sum(len(one.unreached) for one in lists),
        },
    }


def _counts(trials: Sequence[Trial]) -> dict[str, int]:
    return {"examples": len(trials), **{status.value: number for status, number in count(trials).items()}}


def _list_data(one: Listed) -> dict[str, Any]:
    return {
        "name": one.tariff.name,
        "title": one.tariff.title,
        "file": one.file,
        **_counts(one.trials),
        "rows": len(one.rows),
        "unreached": [
            {"file": row.span.source.name, "line": row.span.line, "kind": row.kind, "text": row_text(row)}
            for row in one.unreached
        ],
        "findings": [_trial_data(trial) for trial in one.trials if trial.status is not Status.PASSED],
    }


def _trial_data(trial: Trial) -> dict[str, Any]:
    return {"file": trial.file, "line": trial.line, "name": trial.name, "status": trial.status.value}
