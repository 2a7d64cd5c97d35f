"""Each law of some of the random cases, and that it is asked of them at all."""

from __future__ import annotations

import pytest

from tests.laws.every_law import LAWS
from tests.laws.law import holds_of

PARTS, CASES = 20, 3
SEED = 20_000


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", LAWS)
def test_law(name: str, part: int) -> None:
    law = LAWS[name]
    for seed in range(SEED + part * CASES, SEED + (part + 1) * CASES):
        if holds_of(law, seed) is False:
            pytest.fail(f"seed {seed}\n{law.report(seed)}")


@pytest.mark.parametrize("name", LAWS)
def test_law_is_asked(name: str) -> None:
    assert any(holds_of(LAWS[name], seed) is not None for seed in range(SEED, SEED + PARTS * CASES))
