"""A law, and asking it of cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from tests.laws.billing import RefusedError
from tests.reference.cases import Case
from tests.reference.compare import fixture
from tests.reference.random_cases import random_case
from tests.reference.shrink import shrink

Breach = Callable[[Case, Random], "str | None"]
"""How a case breaks a law, in words; None where the law holds. Raises NotAskedError, or RefusedError."""


class NotAskedError(Exception):
    """The law says nothing of this case."""


@dataclass(frozen=True)
class Law:
    """`name` is for the command, `says` for readers; `makes` gives the case of a seed."""

    name: str
    says: str
    breach: Breach
    makes: Callable[[int], Case] = random_case

    def asked(self, case: Case, seed: int) -> str | None:
        """How a case breaks the law; None where it holds. Raises NotAskedError where it says nothing: also where the
        case itself has no bill."""
        try:
            return self.breach(case, Random(f"{self.name} {seed}"))
        except RefusedError as error:
            raise NotAskedError from error

    def report(self, seed: int) -> str:
        """The case of a seed that breaks the law, as small as it gets."""

        def breaks(case: Case) -> bool:
            try:
                return self.asked(case, seed) is not None
            except NotAskedError:
                return False
            except Exception:  # a part was left out that another needs
                return False

        case = shrink(self.makes(seed), breaks)
        return "\n".join([case.text(), fixture(case.account), f"broken: {self.says}", self.asked(case, seed) or ""])


def holds_of(law: Law, seed: int) -> bool | None:
    """Whether a law holds of the case of a seed; None where it says nothing of it."""
    try:
        return law.asked(_case(law.makes, seed), seed) is None
    except NotAskedError:
        return None


@lru_cache(maxsize=64)
def _case(makes: Callable[[int], Case], seed: int) -> Case:
    """The case of a seed, of which many laws are asked."""
    return makes(seed)


def ask_that(condition: object) -> None:
    """Say nothing of the case where a condition does not hold."""
    if not condition:
        raise NotAskedError
