"""What a random case is now and then besides: in several currencies, or in two versions."""

from __future__ import annotations

from random import Random

from tests.reference.cases import Case
from tests.reference.random_cases import random_case
from tests.reference.random_currencies import in_several
from tests.reference.random_versions import in_versions

TWISTS = (in_several, in_versions)


def twisted(seed: int) -> Case:
    """The case of a seed. Laws take it as it is; here one of five is something more."""
    case = random_case(seed)
    random = Random(f"twist {seed}")
    if random.random() < 0.2:
        return random.choice(TWISTS)(case, random)
    return case
