"""Inputs exchanged one after the other, and the bills that are made on the way.

Where a bill between cannot be made, another input is exchanged first, or both at once: the sum stays exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from ratewright.comparison.inputs import Choice, Input, Inputs
from ratewright.comparison.parts import Joined
from ratewright.comparison.side import Side
from ratewright.diagnostics import Diagnostic
from ratewright.limits import Limits
from ratewright.rating.bill import Bill
from ratewright.rating.corrections import rate_account
from ratewright.refusal import RatingError
from ratewright.values.calendar import CalendarError

Joint = tuple[Input, ...]
"""Inputs that are exchanged at once."""

Step = tuple[Joint, tuple[Bill, ...], tuple[Bill, ...]]
"""What is exchanged, and the bills without it and with it."""


class Bills:
    """The bills of each choice of inputs, each made once. Raises RatingError where a side itself has none."""

    def __init__(self, was: Side, now: Side, limits: Limits) -> None:
        self._limits = limits
        self.was = self._made_of(was)
        self.now = self._made_of(now)
        try:
            self._inputs = Inputs(was, now)
        except CalendarError as error:
            raise _out_of_time(error) from error
        self.differing = self._inputs.differing
        self._made: dict[Choice, tuple[Bill, ...] | RatingError] = {
            frozenset(): self.was,
            frozenset(self.differing): self.now,
        }

    def of(self, choice: Choice) -> tuple[Bill, ...]:
        """Raises RatingError."""
        made = self.tried(choice)
        if isinstance(made, RatingError):
            raise made
        return made

    def tried(self, choice: Choice) -> tuple[Bill, ...] | RatingError:
        """The bills, or why there are none."""
        if choice not in self._made:
            try:
                self._made[choice] = self._made_of(self._inputs.made_of(choice))
            except RatingError as error:
                self._made[choice] = error
            except CalendarError as error:
                self._made[choice] = _out_of_time(error)
        return self._made[choice]

    def _made_of(self, side: Side) -> tuple[Bill, ...]:
        bills, problems = rate_account(side.plans, side.usage, [side.period], self._limits)
        if problems:
            raise RatingError(problems)
        return tuple(bills)


def _out_of_time(error: CalendarError) -> RatingError:
    return RatingError([Diagnostic("A205", str(error), help=error.help)])


def in_turn(bills: Bills) -> tuple[list[Step], list[Joined]]:
    """The steps of one order, and which inputs it could not tell apart.

    The order is that of `Input`; where a bill without the inputs behind cannot be made, the next one comes first.
    """
    steps: list[Step] = []
    joined: list[Joined] = []
    done: Choice = frozenset()
    left = list(bills.differing)
    while left:
        joint = next((each for each in _next(left) if _made(bills, done, each)), tuple(left))
        if len(joint) > 1:
            first = bills.tried(done | {joint[0]})
            assert isinstance(first, RatingError)
            joined.append(Joined(joint, first.diagnostics[0]))
        steps.append((joint, bills.of(done), bills.of(done.union(joint))))
        done = done.union(joint)
        left = [each for each in left if each not in joint]
    return steps, joined


def _next(left: Sequence[Input]) -> Iterator[Joint]:
    """What may be exchanged next: one input, the first that can be; or as few as possible at once."""
    for size in range(1, len(left) + 1):
        yield from combinations(left, size)


def _made(bills: Bills, done: Choice, joint: Joint) -> bool:
    return not isinstance(bills.tried(done.union(joint)), RatingError)


def joints_of(bills: Bills) -> tuple[list[Joint], list[Joined]]:
    """The inputs in joints of which every choice has a bill: those are joined that leave the fewest without."""
    joints: list[Joint] = [(each,) for each in bills.differing]
    why: dict[Input, Diagnostic] = {}
    while refused := _refused(joints, bills):
        first = refused[0].diagnostics[0]
        pairs = list(combinations(range(len(joints)), 2))
        tried = [_merged(joints, one, other) for one, other in pairs]
        best = min(range(len(pairs)), key=lambda n: len(_refused(tried[n], bills)))
        for each in joints[pairs[best][0]] + joints[pairs[best][1]]:
            why.setdefault(each, first)
        joints = tried[best]
    return joints, [Joined(joint, why[joint[0]]) for joint in joints if len(joint) > 1]


def _merged(joints: list[Joint], one: int, other: int) -> list[Joint]:
    both = tuple(each for each in Input if each in joints[one] + joints[other])
    return [both if n == one else joint for n, joint in enumerate(joints) if n != other]


def _refused(joints: Sequence[Joint], bills: Bills) -> list[RatingError]:
    tried = (bills.tried(choice) for choice in choices(joints))
    return [made for made in tried if isinstance(made, RatingError)]


def choices(joints: Sequence[Joint]) -> Iterator[Choice]:
    """All choices of joints, from none of them to all."""
    for size in range(len(joints) + 1):
        for some in combinations(joints, size):
            yield frozenset(each for joint in some for each in joint)


def steps_of(joint: Joint, joints: Sequence[Joint], bills: Bills) -> Iterator[tuple[int, Step]]:
    """All steps that exchange a joint, each with how many other joints were exchanged before it."""
    others = [other for other in joints if other != joint]
    for size in range(len(others) + 1):
        for some in combinations(others, size):
            before = frozenset(each for other in some for each in other)
            yield size, (joint, bills.of(before), bills.of(before | frozenset(joint)))
