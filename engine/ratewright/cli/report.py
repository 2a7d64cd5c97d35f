"""The results of `ratewright test` for readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ratewright.cli.endings import drawn
from ratewright.cli.settings import Settings
from ratewright.cli.words import counted
from ratewright.diagnostics import visible
from ratewright.trial.results import Outcome, Status, Trial

Groups = Sequence[tuple[str, Sequence[Trial]]]

_COLORS = {Status.PASSED: "32", Status.FAILED: "1;31", Status.DISPUTED: "33", Status.ERROR: "1;31"}
_MOST_GIVEN = 12


def report(groups: Groups, settings: Settings, color: bool) -> str:
    """A line for each file, what went wrong, what is disputed, and the sum of it."""
    trials = [trial for _, some in groups for trial in some]
    parts = ["\n".join(_files(groups))]
    parts += [_wrong(t, settings, color) for t in trials if t.status in (Status.FAILED, Status.ERROR)]
    parts += _disputed(trials, color)
    return "\n\n".join([*parts, totals(trials)]) + "\n"


def _disputed(trials: Iterable[Trial], color: bool) -> list[str]:
    """A part about the examples in which the source disagrees with its own numbers, if there are any."""
    lines: list[str] = []
    for trial in trials:
        if trial.status is Status.DISPUTED:
            lines += [head(trial, color), *(f"  {text}   (line {line})" for line, text in disputes(trial))]
    return ["\n".join(["They hold, and the source prints another figure:", *lines])] if lines else []


def disputes(trial: Trial) -> list[tuple[int, str]]:
    """The line of each figure that the source prints otherwise, and what is said of it."""
    return [
        (o.line, f"{visible(o.subject)} is {visible(o.got)}; the source prints {visible(o.printed)}")
        for o in trial.outcomes
        if trial.status is Status.DISPUTED and o.printed
    ]


def _files(groups: Groups) -> Iterator[str]:
    names = [visible(path) for path, _ in groups]
    width = max(len(name) for name in names)
    for name, (_, trials) in zip(names, groups, strict=True):
        yield f"{name:<{width}}  {_counts(trials) if trials else 'no examples'}"


def _counts(trials: Sequence[Trial]) -> str:
    counts = [(status, sum(t.status is status for t in trials)) for status in Status]
    return ", ".join(_count(status, number) for status, number in counts if number)


def totals(trials: Sequence[Trial]) -> str:
    """How many ended in which way."""
    return ", ".join(_count(status, sum(t.status is status for t in trials)) for status in Status)


def _count(status: Status, number: int) -> str:
    return counted(number, "error") if status is Status.ERROR else f"{number:,} {status.value}"


def head(trial: Trial, color: bool) -> str:
    """How a trial ended, its name and its place."""
    word = trial.status.value
    painted = f"\x1b[{_COLORS[trial.status]}m{word}\x1b[0m" if color else word
    return f"{painted}: {visible(trial.name)}\n  --> {visible(trial.file)}:{trial.line}"


def _wrong(trial: Trial, settings: Settings, color: bool) -> str:
    lines = [head(trial, color), *_given(trial.given)]
    for outcome in trial.outcomes:
        if not outcome.holds:
            lines += _unmet(outcome)
    for block in drawn(trial.diagnostics, settings, color):
        lines += [f"  {line}" for line in block.splitlines()]
    return "\n".join(lines)


def _given(given: Iterable[str]) -> Iterator[str]:
    words = [visible(text) for text in given]
    for number, text in enumerate(words[:_MOST_GIVEN]):
        yield f"  {'given' if number == 0 else '':<8}  {text}"
    if len(words) > _MOST_GIVEN:
        yield f"  {'':<8}  … and {len(words) - _MOST_GIVEN:,} more"


def _unmet(outcome: Outcome) -> list[str]:
    subject = visible(outcome.subject)
    under = f"{' ' * len(subject)}{' ' * _relation_width(outcome.expected)} "
    return [
        f"  expected  {subject} {_relation(outcome.expected)}   (line {outcome.line})",
        f"  got       {'' if outcome.expected == 'holds' else under}{visible(outcome.got)}",
        *([f"  help: {visible(outcome.hint)}"] if outcome.hint else []),
    ]


def _relation(expected: str) -> str:
    written = visible(expected)
    return written if written.startswith(("<", ">", "!", "≤", "≥")) or written == "holds" else f"== {written}"


def _relation_width(expected: str) -> int:
    return len(_relation(expected)) - len(
        visible(expected).partition(" ")[2] if expected[:1] in "<>!≤≥" else visible(expected)
    )
