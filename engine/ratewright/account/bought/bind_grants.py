"""Grants: what an account is given, as far as its balances do not tell."""

from __future__ import annotations

from ratewright.account.binder import Binder
from ratewright.account.bought.bind_balances import Held
from ratewright.account.bought.issuing import Issuer
from ratewright.account.bought.lot_attributes import bind_attributes
from ratewright.quota.lots import Attributes
from ratewright.refusal import RatingError
from ratewright.values.exact import Exact


def grant_sizes(binder: Binder) -> dict[tuple[str, Attributes], Exact]:
    """The sizes that the account's own data give to grants, for all usage or for some; problems are reported."""
    sizes: dict[tuple[str, Attributes], Exact] = {}
    grants = binder.plan.features.grants
    for given in binder.usage.grants:
        pool = grants.get(given.grant)
        if pool is None:
            binder.known("grant", given.grant, grants, given.place, "A107")
            continue
        size, problem, help = binder.amounts.figure(given.size, pool.unit)
        if problem:
            binder.problems.add("A107", f"the size {problem}", given.place, help)
        elif pool.size is not None:
            binder.problems.add(
                "A107",
                f"the price list fixes the size of `{pool.name}`",
                given.place,
                "take it out, or write `size per account` in the rule file",
            )
        attributes = bind_attributes(pool, given.attributes, given.place, binder)
        if attributes is None:
            continue
        if (pool.name, attributes) in sizes:
            binder.problems.add("A107", f"the size of `{pool.name}` is given twice", given.place, "keep one")
        elif 0 < len(attributes) < len(pool.scope):
            missing = next(s.name for s in pool.scope if s.name not in dict(attributes))
            binder.problems.add(
                "A107",
                f"the size does not say for which `{missing}` it is",
                given.place,
                f"add `{missing}` to its `with`",
            )
        sizes[pool.name, attributes] = size
    return sizes


def bind_grants(binder: Binder, issuer: Issuer, held: Held) -> None:
    """Give what is not held already. Grants with a scope are given when usage meets them."""
    for pool in binder.plan.features.grants.values():
        if pool.scope:
            held.allotments(pool)
            continue
        if pool.name in held.pools:
            continue
        try:
            made = issuer.grant(pool, ())
        except RatingError as error:
            binder.problems.found.extend(error.diagnostics)
            continue
        if made is not None:
            held.holdings.add(made)
