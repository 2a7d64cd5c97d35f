"""The engine against the second evaluator: whole bills of random price lists, exactly."""

from __future__ import annotations

import pytest

from tests.reference.check import checked, report

BATCHES = 100
CASES = 5  # of four months each: 100 × 5 × 4 = 2,000 bills
SEED = 10_000


@pytest.mark.parametrize("batch", range(BATCHES))
def test_bills_are_those_of_the_second_evaluator(batch: int) -> None:
    first = SEED + batch * CASES
    for seed in range(first, first + CASES):
        outcome = checked(seed)
        if outcome.difference is not None:
            pytest.fail(f"seed {seed}\n{report(outcome)}")


def test_most_cases_are_bills_on_both_sides() -> None:
    """A generator that writes what both refuse would check nothing."""
    kinds = [checked(seed).kind for seed in range(SEED, SEED + 20)]
    assert kinds.count("equal") >= 15
