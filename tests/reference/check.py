"""One random case, billed by both sides."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.cases import Case
from tests.reference.compare import NotCovered, Result, difference, engine, fixture, reference
from tests.reference.random_twists import twisted
from tests.reference.shrink import shrink


@dataclass(frozen=True)
class Outcome:
    """What both sides say of a case. `kind`: equal, refused by both, or not covered."""

    case: Case
    kind: str
    mine: Result | None = None
    theirs: Result | None = None
    difference: str | None = None


def compared(case: Case) -> Outcome:
    texts, contracts, months = case.texts(), case.beside(), list(case.months)
    try:
        mine = reference(texts, case.account, months, contracts)
    except NotCovered:
        return Outcome(case, "not covered")
    theirs = engine(texts, case.account, months, contracts)
    kind = "equal" if mine.refused is None else "refused by both"
    return Outcome(case, kind, mine, theirs, difference(mine, theirs))


def checked(seed: int) -> Outcome:
    """The case of a seed."""
    return compared(twisted(seed))


def _way(outcome: Outcome) -> tuple[str, ...]:
    """In what the sides differ, so that a smaller case does not differ in something else."""
    assert outcome.mine is not None and outcome.theirs is not None
    if outcome.theirs.refused is not None:
        return "engine refuses", outcome.theirs.refused[:4]
    if outcome.mine.refused is not None:
        return "reference refuses", outcome.mine.refused
    assert outcome.difference is not None
    return ("bills", outcome.difference.partition(":")[0].partition(", ")[2])


def report(outcome: Outcome) -> str:
    """The difference as a smaller case: rule file, fixture, and what each side says."""
    way = _way(outcome)

    def differs(case: Case) -> bool:
        try:
            found = compared(case)
        except Exception:  # a part was left out that another needs
            return False
        return found.difference is not None and _way(found) == way

    small = compared(shrink(outcome.case, differs))
    assert small.mine is not None and small.theirs is not None
    return "\n".join(
        [
            *small.case.texts(),
            *small.case.beside(),
            fixture(small.case.account),
            f"difference: {small.difference}",
            "--- the evaluator",
            small.mine.text(),
            "--- the engine",
            small.theirs.text(),
        ]
    )
