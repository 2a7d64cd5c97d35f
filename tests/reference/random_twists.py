"""What a random case is now and then besides: in several currencies or versions, under contracts, from an opening on,
with tasks that take their time."""

from __future__ import annotations

from random import Random

from tests.reference.cases import Case
from tests.reference.random_cases import random_case
from tests.reference.random_contracts import under_contracts
from tests.reference.random_corrections import with_corrections
from tests.reference.random_currencies import in_several
from tests.reference.random_lasting import with_lasted
from tests.reference.random_limits import with_limits
from tests.reference.random_openings import from_balances
from tests.reference.random_versions import in_versions

TWISTS = (
    in_several,
    in_versions,
    *(under_contracts, under_contracts),
    with_corrections,
    with_lasted,
    with_limits,
    *(from_balances, from_balances),
)


def twisted(seed: int) -> Case:
    """The case of a seed. Laws take it as it is; here one of three is something more."""
    case = random_case(seed)
    random = Random(f"twist {seed}")
    if random.random() < 0.33:
        return random.choice(TWISTS)(case, random)
    return case
