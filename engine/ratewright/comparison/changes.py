"""Two bills that follow one another while inputs are exchanged → what changed between them, in exact amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace as with_fields

from ratewright.comparison.parts import Aspect, Change, Group, State
from ratewright.comparison.states import states_of, usage_of
from ratewright.rating.bill import Bill, LineKind
from ratewright.values.exact import Exact, exact, summed


def due_of(bills: Sequence[Bill]) -> Exact:
    """What is due by the bills of a period: of several where prices change in it."""
    return summed(bill.due for bill in bills)


def changes_between(was: Sequence[Bill], now: Sequence[Bill]) -> list[tuple[Change | None, Exact]]:
    """Each change with what it adds to what is due; together they are the difference. That of roundings is None."""
    old, new = states_of(was), states_of(now)
    found: list[tuple[Change | None, Exact]] = []
    roundings = exact(_rounded(now) - _rounded(was))
    for group in sorted(dict.fromkeys((*new, *old)), key=lambda each: _KINDS[each.kind]):
        before, after = old.get(group, State()), new.get(group, State())
        made = list(_changes(group, _beside(before, after, group, was), _beside(after, before, group, now),
                             (was[-1], now[-1])))  # fmt: skip
        found += made
        roundings = exact(roundings + after.rounded - before.rounded)
    if roundings:
        found.append((None, roundings))
    return [(change, amount) for change, amount in found if amount]


_KINDS = {kind: number for number, kind in enumerate(LineKind)}
"""The order in which kinds of lines are told: what is priced and bought, what comes off, taxes, what is paid."""


def _rounded(bills: Sequence[Bill]) -> Exact:
    return summed(exact(bill.total - bill.exact_total) for bill in bills)


def _beside(state: State, other: State, group: Group, bills: Sequence[Bill]) -> State:
    """A state; of no lines, with what was used all the same."""
    if state.lines or other.used is None:
        return state
    used, covered, unserved = usage_of(group, other.lines, 0, bills)
    return with_fields(state, used=used, covered=covered, unserved=unserved)


def _changes(group: Group, was: State, now: State, bills: tuple[Bill, Bill]) -> Iterator[tuple[Change, Exact]]:
    def change(aspect: Aspect, amount: Exact, by: Exact = 0, slice: int = 0) -> tuple[Change, Exact]:
        return Change(group, aspect, was, now, bills, slice, by), exact(amount)

    sign = -1 if group.kind is LineKind.DISCOUNT else 1
    price_was = was.price or (now.price if _is_nothing(was) else None)
    price_now = now.price or (was.price if _is_nothing(now) else None)
    if price_was is not None and price_now is not None:
        more = exact(now.quantity - was.quantity)
        if was.used is not None and now.used is not None:
            used, covered = exact(now.used - was.used), exact(now.covered - was.covered)
            unserved = exact(now.unserved - was.unserved)
            yield change(Aspect.USED, sign * used * price_was.price, used)
            yield change(Aspect.QUOTA, -sign * covered * price_was.price, covered)
            yield change(Aspect.UNSERVED, -sign * unserved * price_was.price, unserved)
        else:
            yield change(Aspect.QUANTITY, sign * more * price_was.price, more)
        other_row = was.tier is not None and now.tier is not None and was.tier.tier is not now.tier.tier
        same_list = bills[0].tariff.charges.get(group.source) is bills[1].tariff.charges.get(group.source)
        aspect = Aspect.ROW if other_row and same_list else Aspect.PRICE
        yield change(aspect, sign * now.quantity * exact(price_now.price - price_was.price), now.quantity)
    elif _slices(was, now):
        none = (None, 0, 0)
        for number in range(max(len(was.tiers), len(now.tiers))):
            _, old, before = was.tiers[number] if was.tiers else none
            _, new, after = now.tiers[number] if now.tiers else none
            yield change(Aspect.SLICE, after - before, exact(new - old), number)
    else:
        yield change(Aspect.AMOUNT, now.amount - was.amount)
    yield change(Aspect.REST, now.rest - was.rest)


def _is_nothing(state: State) -> bool:
    return not (state.quantity or state.amount or state.tiers)


def _slices(was: State, now: State) -> bool:
    """Whether both are graduated by as many rows, or one is and the other comes to nothing."""
    if was.tiers and now.tiers:
        return len(was.tiers) == len(now.tiers)
    return bool(was.tiers and not now.amount) or bool(now.tiers and not was.amount)
