"""Each law of some of the random cases, and that it is asked of them at all."""

from __future__ import annotations

import pytest

from tests.laws.every_law import LAWS
from tests.laws.law import holds_of

CASES = 60
SEED = 20_000


@pytest.mark.parametrize("name", LAWS)
def test_law(name: str) -> None:
    law, asked = LAWS[name], 0
    for seed in range(SEED, SEED + CASES):
        holds = holds_of(law, seed)
        if holds is False:
            pytest.fail(f"seed {seed}\n{law.report(seed)}")
        asked += holds is not None
    assert asked
