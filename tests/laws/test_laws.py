"""Each law of some of the random cases, and that it is asked of them at all; `--law-cases 60` asks more."""

from __future__ import annotations

import pytest

from tests.laws.every_law import LAWS
from tests.laws.law import holds_of

pytestmark = pytest.mark.random_cases

FIRST = 20_000
"""The seed of the first case."""

ENOUGH = 100
"""Cases, one of which each law says something of."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seeds" not in metafunc.fixturenames:
        return
    end = FIRST + metafunc.config.getoption("law_cases")
    parts = [range(begin, min(begin + 3, end)) for begin in range(FIRST, end, 3)]
    metafunc.parametrize("seeds", parts, ids=lambda seeds: f"seeds {seeds[0]} to {seeds[-1]}")


@pytest.mark.parametrize("name", LAWS)
def test_law(name: str, seeds: range) -> None:
    law = LAWS[name]
    for seed in seeds:
        if holds_of(law, seed) is False:
            pytest.fail(f"seed {seed}\n{law.report(seed)}")


@pytest.mark.parametrize("name", LAWS)
def test_law_is_asked(name: str) -> None:
    assert any(holds_of(LAWS[name], seed) is not None for seed in range(FIRST, FIRST + ENOUGH))
