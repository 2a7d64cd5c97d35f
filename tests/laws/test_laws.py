"""Each law of some of the random cases, and that it is asked of them at all."""

from __future__ import annotations

import pytest

from tests.laws.every_law import LAWS
from tests.laws.law import holds_of

CASES, TOGETHER = 33, 3
SEEDS = range(20_000, 20_000 + CASES)
PARTS = [SEEDS[begin : begin + TOGETHER] for begin in range(0, CASES, TOGETHER)]


@pytest.mark.parametrize("seeds", PARTS, ids=lambda seeds: f"seeds {seeds[0]} to {seeds[-1]}")
@pytest.mark.parametrize("name", LAWS)
def test_law(name: str, seeds: range) -> None:
    law = LAWS[name]
    for seed in seeds:
        if holds_of(law, seed) is False:
            pytest.fail(f"seed {seed}\n{law.report(seed)}")


@pytest.mark.parametrize("name", LAWS)
def test_law_is_asked(name: str) -> None:
    more = range(SEEDS.start, SEEDS.start + 3 * CASES)
    assert any(holds_of(LAWS[name], seed) is not None for seed in more)
