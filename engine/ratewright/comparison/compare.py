"""The way in: two sides → their comparison, by one order of exchange or by the mean of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import factorial
from typing import Literal

from msgspec import Struct

from ratewright.comparison.changes import changes_between, due_of
from ratewright.comparison.exchange import Bills, Joint, Step, in_turn, joints_of, steps_of
from ratewright.comparison.parts import Aspect, Change, Comparison, Of, Part
from ratewright.comparison.side import Side, check_alike
from ratewright.limits import DEFAULT, Limits
from ratewright.quota.holdings import ConservationError
from ratewright.rating.bill import LineKind
from ratewright.values.exact import Exact, decimals_of, exact, ratio, summed
from ratewright.values.money import minor_digits
from ratewright.values.rounding import Way, round_to

Method = Literal["in-turn", "shapley"]


class _Found(Struct, frozen=True):
    """What a change adds to the difference in one order, or in the mean of several."""

    joint: Joint
    change: Change | None
    amount: Exact
    least: Exact
    most: Exact

    @property
    def of(self) -> Of:
        """What makes it the same in another order."""
        if self.change is None:
            return self.joint, None, Aspect.ROUNDING, 0
        return self.joint, self.change.group, self.change.aspect, self.change.slice


def compare(was: Side, now: Side, method: Method = "in-turn", limits: Limits = DEFAULT) -> Comparison:
    """What makes the bill of one side another than that of the other. Raises RatingError."""
    check_alike(was, now)
    bills = Bills(was, now, limits)
    orders = 1
    if method == "shapley":
        joints, joined = joints_of(bills)
        orders = factorial(len(joints))
        found = [one for joint in joints for one in _mean(joint, joints, bills)]
    else:
        steps, joined = in_turn(bills)
        found = [one for step in steps for one in _of_step(step)]
    before, after = due_of(bills.was), due_of(bills.now)
    if summed(one.amount for one in found) != exact(after - before):
        raise ConservationError(f"{exact(after - before)} more is due, and the parts come to other than that")
    step = _step(before, after, was.currency)
    parts = _in_steps(found, exact(after - before), step)
    told = {each for part in parts for each in part.inputs}
    idle = tuple(each for each in bills.differing if each not in told)
    return Comparison(
        (was, now), bills.was, bills.now, tuple(parts), tuple(joined), idle, method, orders, before, after, step
    )


def _of_step(step: Step) -> Iterator[_Found]:
    joint, old, new = step
    for change, amount in changes_between(old, new):
        yield _Found(joint, change, amount, amount, amount)


def _mean(joint: Joint, joints: Sequence[Joint], bills: Bills) -> Iterator[_Found]:
    """What a joint adds in the mean of all orders. A change is told where every order has the same."""
    every: dict[Of, list[tuple[Exact, _Found]]] = {}
    number = 0
    for size, step in steps_of(joint, joints, bills):
        number += 1
        weight = ratio(factorial(size) * factorial(len(joints) - 1 - size), factorial(len(joints)))
        for one in _of_step(step):
            every.setdefault(one.of, []).append((weight, one))
    groups = list(dict.fromkeys(group for _, group, _, _ in every))
    order = {of: (groups.index(of[1]), _ASPECTS.index(of[2]), of[3]) for of in every}
    kinds = {of: len(_KINDS) if of[1] is None else _KINDS.index(of[1].kind) for of in every}
    for each in (every[of] for of in sorted(every, key=lambda of: (kinds[of], order[of]))):
        mean = summed(weight * one.amount for weight, one in each)
        amounts = [one.amount for _, one in each] + ([0] if len(each) < number else [])
        first = each[0][1]
        yield _Found(joint, first.change, exact(mean), min(amounts), max(amounts))


_ASPECTS, _KINDS = list(Aspect), list(LineKind)


def _in_steps(found: Sequence[_Found], difference: Exact, step: Exact) -> list[Part]:
    """The parts in whole steps, and what is left of the difference as that of roundings."""
    parts: list[Part] = []
    for one in found:
        amount = round_to(one.amount, step, Way.HALF_UP)
        if one.change is not None and amount:
            parts.append(Part(one.joint, one.change.aspect, one.change, amount, one.amount, one.least, one.most))
    rest = exact(difference - summed(part.amount for part in parts))
    if rest:
        parts.append(Part((), Aspect.ROUNDING, None, rest, rest, rest, rest))
    return parts


def _step(before: Exact, after: Exact, currency: str) -> Exact:
    """The smallest unit of the currency, or a finer one in which both bills are whole."""
    needed = [_DECIMALS if (each := decimals_of(amount)) is None else each for amount in (before, after)]
    return ratio(1, 10 ** min(max(minor_digits(currency) or 0, *needed), _MOST_DECIMALS))


_DECIMALS, _MOST_DECIMALS = 6, 12
"""Of parts where an amount that is due has no end, and of all."""
