"""The engine against the second evaluator: whole bills of random price lists, exactly."""

from __future__ import annotations

import pytest

from tests.reference.check import checked, report

pytestmark = pytest.mark.random_cases

CASES = 25  # of up to four months each, for each case of which a law is asked
SEED = 10_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        cases = CASES * metafunc.config.getoption("--law-cases")
        metafunc.parametrize("seed", range(SEED, SEED + cases), ids="seed {}".format)


def test_bills_are_those_of_the_second_evaluator(seed: int) -> None:
    outcome = checked(seed)
    if outcome.difference is not None:
        pytest.fail(f"seed {seed}\n{report(outcome)}")


def test_most_cases_are_bills_on_both_sides() -> None:
    """A generator that writes what both refuse would check nothing."""
    kinds = [checked(seed).kind for seed in range(SEED, SEED + 20)]
    assert kinds.count("equal") >= 15
