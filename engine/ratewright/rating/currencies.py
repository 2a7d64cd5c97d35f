"""Which of a list's currencies an account is billed in: it has one, and a bill never mixes two."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.advice.words import listed
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan, plan_of
from ratewright.refusal import RatingError, stop
from ratewright.usage.model import Place, Usage


def in_currency_of(usage: Usage, versions: Sequence[Plan]) -> list[Plan]:
    """The plans of the versions that have prices in the account's currency. Raises RatingError where none has."""
    own = tariffs_in_currency_of(usage, [plan.tariff for plan in versions])
    plans = {id(plan.tariff): plan for plan in versions}
    return [plans.get(id(tariff)) or plan_of(tariff) for tariff in own]


def tariffs_in_currency_of(usage: Usage, versions: Sequence[tree.Tariff]) -> list[tree.Tariff]:
    """The same for the lists themselves."""
    every = [own for version in versions for own in version.by_currency]
    known = list(dict.fromkeys(own.currency for own in every))
    currency = usage.currency or (known[0] if len(known) == 1 else None)
    if currency is None:
        message = f"the list has prices in {listed(known, 'and')}, and the account names none"
        raise _refused(usage, message, [f"currency: {each}" for each in known])
    found = [own for own in every if own.currency == currency]
    if not found:
        raise _refused(usage, f"the list has no prices in {currency}", [f"currency: {each}" for each in known])
    return found


def _refused(usage: Usage, message: str, keys: list[str]) -> RatingError:
    place = Place(usage.source, usage.line)
    written = listed([f"`{key}`" for key in keys], "or")
    return stop("A109", f"account `{usage.account}`: {message}", place.span, f"write {written} in the account's data")
