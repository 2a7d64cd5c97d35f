"""How lots are called, in bills, balances and requests.

| name | is |
|---|---|
| `p1` | the only lot of purchase `p1`; `free[EU]` that of a grant, with what it is given for |
| `p1#2` | the second lot of a purchase of several |
| `p1#2@2026-03-01` | a cycle of a lot that renews, by when it begins in local time |
| `p1#2@2026-03-01-rolled` | what was left at the end of that cycle and rolled over |

The program carries the parts; they are read out of a name only where an account's data bring one.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

_ROLLED = "-rolled"
_CYCLE = re.compile(
    r"@(?P<cycle>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:[+-]\d{2}:\d{2})?)(?P<rolled>-rolled)?\Z",
    re.ASCII,
)
_NUMBER = re.compile(r"(?<=.)#(?P<number>[1-9][0-9]*)\Z", re.ASCII | re.DOTALL)


class LotName(Struct, frozen=True, order=True):
    """The parts of a name. `number` is 0 where a purchase or a grant has one lot only, `cycle` empty for the lot as
    a whole."""

    base: str
    number: int = 0
    cycle: str = ""
    rolled: bool = False

    def __str__(self) -> str:
        number = f"#{self.number}" if self.number else ""
        cycle = f"@{self.cycle}" if self.cycle else ""
        return f"{self.base}{number}{cycle}{_ROLLED if self.rolled else ''}"

    @property
    def whole(self) -> LotName:
        """The lot that a cycle is of; a lot itself."""
        return LotName(self.base, self.number)

    def of_cycle(self, begins: str) -> LotName:
        """The name of the cycle of this lot that begins at a local time."""
        return LotName(self.base, self.number, begins)

    def rolled_over(self) -> LotName:
        """The name of what rolls over out of this cycle."""
        return replace(self, rolled=True)


def parse(text: str) -> LotName:
    """The parts of a name as data bring it. An id that looks like none of the forms is a base as it stands."""
    cycle = _CYCLE.search(text)
    if cycle is None:
        return parse_whole(text)
    whole = parse_whole(text[: cycle.start()])
    return LotName(whole.base, whole.number, cycle["cycle"], cycle["rolled"] is not None)


def parse_whole(text: str) -> LotName:
    """The parts of the name of a lot that has no cycles, whatever it looks like."""
    number = _NUMBER.search(text)
    return LotName(text) if number is None else LotName(text[: number.start()], int(number["number"]))
