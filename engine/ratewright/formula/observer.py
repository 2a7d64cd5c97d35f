"""Who may look on while a formula is worked out, and what there is to see.

An observer decides nothing: the value is the same with and without one. The derivation of a bill is what one
observer saw, the coverage of rows what another did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from whenever import Instant

from ratewright.diagnostics import Span
from ratewright.meaning import nodes as n
from ratewright.pricing.forms import Part
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact

Label = Period | Instant | str
"""What one of many values is of: a period, the instant of a record, or the name that a series is kept apart by."""


class Many(list[Any]):
    """The values of a series, in order, with what each is of in `labels` (empty where that was not asked for).

    `seconds` says for how long each held, of a series for each instant.
    """

    __slots__ = ("labels", "seconds")

    def __init__(
        self, figures: Iterable[Any] = (), labels: Sequence[Label] = (), seconds: Sequence[Exact] = ()
    ) -> None:
        super().__init__(figures)
        self.labels = labels
        self.seconds = seconds


class Chosen(Struct, frozen=True, gc=False):
    """The members of `count` that an aggregation took, each with its label, in the order in which it took them.

    `place` is which one it took where it takes one: the `place`-th highest, or lowest; None where it takes several.
    """

    count: int
    place: int | None
    members: tuple[tuple[Label, Any], ...]


class Counted(Struct, frozen=True, gc=False):
    """The different values of `count` members, in the order in which they came."""

    count: int
    different: tuple[Any, ...]


class Stretches(Struct, frozen=True, gc=False):
    """The stretches of time over which an aggregation added up a level: from, to, and how high it was."""

    levels: tuple[tuple[Instant, Instant, Exact], ...]


Taken = Chosen | Counted | Stretches


class Observer:
    """Looks on. Each method does nothing here; an observer has those whose events it wants."""

    __slots__ = ()

    def passed(self, node: n.Expression, value: Any) -> None:
        """A node has come to a value. Constants are not told of, nor what is asked of each record of an aggregation."""

    def turned(self, node: n.Expression, part: n.Expression) -> None:
        """A node turned to a part that it may also leave alone: the branch of a choice, a member of `and` or `or`."""

    def reached(self, node: n.Lookup, cell: n.Cell, place: n.TableKey) -> None:
        """A lookup reached a cell; it may be one that is not sold. `place` are the keys of its row beside a range, as
        the table has them."""

    def chose(self, node: n.RowsOf, rows: tuple[n.Tier, ...], place: n.TableKey) -> None:
        """A table used as tiers gave these rows, by the keys that `place` has as the table has them."""

    def priced(self, node: n.Priced, parts: tuple[Part, ...]) -> None:
        """The rows of a table that a quantity came to, and what it costs there."""

    def took(self, node: n.Aggregate, taken: Taken) -> None:
        """What an aggregation took of its members. A sum, a mean and a count take all of them alike and tell none."""


class Coverage(set[Span], Observer):
    """The places that were reached: cells, rows used as tiers, branches. As `REACHED` it gets the cells alone."""

    __slots__ = ()

    def turned(self, node: n.Expression, part: n.Expression) -> None:
        self.add(part.span)

    def reached(self, node: n.Lookup, cell: n.Cell, place: n.TableKey) -> None:
        self.add(cell.span)

    def chose(self, node: n.RowsOf, rows: tuple[n.Tier, ...], place: n.TableKey) -> None:
        self.update(tier.span for tier in rows)


class Together(Observer):
    """Several observers of one evaluation."""

    __slots__ = ("_members",)

    def __init__(self, *members: Observer) -> None:
        self._members = members

    def passed(self, node: n.Expression, value: Any) -> None:
        for member in self._members:
            member.passed(node, value)

    def turned(self, node: n.Expression, part: n.Expression) -> None:
        for member in self._members:
            member.turned(node, part)

    def reached(self, node: n.Lookup, cell: n.Cell, place: n.TableKey) -> None:
        for member in self._members:
            member.reached(node, cell, place)

    def chose(self, node: n.RowsOf, rows: tuple[n.Tier, ...], place: n.TableKey) -> None:
        for member in self._members:
            member.chose(node, rows, place)

    def priced(self, node: n.Priced, parts: tuple[Part, ...]) -> None:
        for member in self._members:
            member.priced(node, parts)

    def took(self, node: n.Aggregate, taken: Taken) -> None:
        for member in self._members:
            member.took(node, taken)
