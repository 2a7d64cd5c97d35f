"""A case: a price list in parts, an account, and the months that are billed; and the draft that one is written in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar

from tests.reference.account import Account

MONTHS = ("2026-02", "2026-03", "2026-04", "2026-05")
REGIONS = ("eu", "us", "ap")
T = TypeVar("T")


@dataclass(frozen=True)
class Declaration:
    """A head and the statements of its block; a table's rows are such statements too. Without braces if `bare`."""

    head: str
    statements: tuple[str, ...] = ()
    bare: bool = False

    def text(self) -> str:
        if self.bare:
            return self.head
        return "\n".join([f"{self.head} {{", *(f"  {each}" for each in self.statements), "}"])


@dataclass(frozen=True)
class Case:
    """Kept in parts, so that it can be shrunk."""

    declarations: tuple[Declaration, ...]
    account: Account
    months: tuple[str, ...] = MONTHS
    change: str | None = None  # the day from which a later version holds
    later: tuple[Declaration, ...] = ()  # what is otherwise in it
    splits: bool = False  # whether the change splits the period
    contracts: tuple[tuple[Declaration, ...], ...] = ()  # each a contract, with what it adds

    def text(self) -> str:
        return _text(self.declarations)

    def beside(self) -> tuple[str, ...]:
        """The contracts beside the list."""
        return tuple(_text(each) for each in self.contracts)

    def texts(self) -> tuple[str, ...]:
        """The versions of the list, the first one first."""
        if self.change is None:
            return (self.text(),)
        head, *rest = self.declarations
        others = {each.head: each for each in self.later}
        start = next((s.split()[2] for s in head.statements if s.startswith("effective")), "2020-01-01")
        bare = tuple(each for each in head.statements if not each.startswith("effective"))
        first = replace(head, statements=(*bare, f"effective from {start} until {self.change}"))
        split = ("changes split the period",) if self.splits else ()
        second = replace(head, statements=(*bare, f"effective from {self.change}", *split))
        return _text((first, *rest)), _text((second, *(others.get(each.head, each) for each in rest)))


def _text(declarations: tuple[Declaration, ...]) -> str:
    return "\n".join(each.text() for each in declarations) + "\n"


@dataclass
class Meter:
    """What the other parts of a draft ask of a meter."""

    name: str
    unit: str
    summed: bool  # drawn record by record
    form: str  # of its records: event, total, state or reading
    source: str  # the meter whose records it has
    by: str = ""  # the statement that keeps it apart
    by_days: bool = False  # whether its measure asks how many days a period has
    covered: bool = False
    spreads: bool = False
    looks_back: bool = False  # what each hour would ask anew

    @property
    def one(self) -> str:
        return one(self.unit)

    @property
    def kept(self) -> bool:
        """Whether it is kept apart by region."""
        return bool(self.by)


@dataclass
class Draft:
    """A price list while it is written, from a source of chance."""

    random: Random
    parts: list[Declaration] = field(default_factory=list)
    meters: list[Meter] = field(default_factory=list)
    charges: dict[str, list[str]] = field(default_factory=dict)  # of each meter
    cadences: dict[str, str] = field(default_factory=dict)  # of each charge
    packages: dict[str, tuple[list[str], bool]] = field(default_factory=dict)  # sizes, and whether it has a scope
    from_months: set[str] = field(default_factory=set)  # packages that are bought at the beginning of a month
    chains: dict[str, list[str]] = field(default_factory=dict)  # ranks of quotas
    sizes: list[tuple[str, str]] = field(default_factory=list)  # of grants whose size is `per account`
    kept: set[str] = field(default_factory=set)  # charges that are kept apart by region
    monthly: bool = False  # whether a charge names a sum: none may then be billed less often than it

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def pick(self, *options: T) -> T:
        return self.random.choice(options)

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def add(self, head: str, *statements: str, bare: bool = False) -> None:
        self.parts.append(Declaration(head, tuple(each for each in statements if each), bare))

    def cents(self) -> str:
        return f"{self.number(0, 20)}.{self.number(0, 99):02}"

    def money(self) -> str:
        return self.pick(f"0.{self.number(1, 999):03}", str(self.number(1, 9)), self.cents())


def one(unit: str) -> str:
    """The word for one of a unit."""
    return {"pics": "pic", "hits": "hit"}.get(unit, unit)
