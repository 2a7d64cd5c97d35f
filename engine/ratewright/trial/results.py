"""What a test of a price list gave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ratewright.diagnostics import Diagnostic, Span, as_data


class Status(Enum):
    """How an example ended.

    `disputed`: it holds, and the source prints another figure than its own numbers give. `error`: it
    could not be rated.
    """

    PASSED = "passed"
    FAILED = "failed"
    DISPUTED = "disputed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expectation: its subject, what was expected of it and what it was.

    `printed` is what the source prints instead, `hint` why the figure may be another one than was meant.
    """

    subject: str
    expected: str
    got: str
    holds: bool
    line: int
    printed: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One example or fixture that was run. `given` is its input as written, `reached` are the rows that it used."""

    file: str
    line: int
    name: str
    status: Status
    given: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    reached: frozenset[Span] = frozenset()


def status_of(outcomes: Iterable[Outcome]) -> Status:
    """The status of an example that could be rated."""
    known = list(outcomes)
    if not all(o.holds for o in known):
        return Status.FAILED
    return Status.DISPUTED if any(o.printed for o in known) else Status.PASSED


def trials_data(trials: Iterable[Trial]) -> dict[str, Any]:
    """The results for machines."""
    known = list(trials)
    return {
        "schema": "ratewright/test/1",
        "examples": [_trial_data(t) for t in known],
        "summary": {
            "total": len(known),
            **{status.value: sum(t.status is status for t in known) for status in Status},
        },
    }


def _trial_data(trial: Trial) -> dict[str, Any]:
    return {
        "file": trial.file,
        "line": trial.line,
        "name": trial.name,
        "status": trial.status.value,
        "given": list(trial.given),
        "expectations": [
            {
                "subject": o.subject,
                "expected": o.expected,
                "got": o.got,
                "holds": o.holds,
                "line": o.line,
                **({"printed": o.printed} if o.printed else {}),
                **({"hint": o.hint} if o.hint else {}),
            }
            for o in trial.outcomes
        ],
        "diagnostics": [as_data(d) for d in trial.diagnostics],
    }
