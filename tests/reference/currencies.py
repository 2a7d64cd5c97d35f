"""The currency of an account, and which of the amounts of a list are in it."""

from __future__ import annotations

from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.problems import Refused

ANY = "currency"
"""In a list of several: as a unit the account's currency, in a formula its code."""
_DECIMALS = {"JPY": 0, "KWD": 3}  # by ISO 4217; all others that cases have, two


def own_currency(codes: list[str], asked: str | None) -> str:
    """The account's currency, of those of the list. Raises Refused."""
    if asked is None and len(codes) > 1:
        raise Refused("the account does not say its currency")
    if asked is not None and asked not in codes:
        raise Refused(f"the list has no prices in {asked}")
    return asked or codes[0]


def smallest_unit(code: str) -> Fraction:
    return Fraction(1, 10 ** _DECIMALS.get(code, 2))


def amounts(node: n.AnyOf, codes: list[str]) -> dict[str, n.Expression]:
    """An amount for each currency, by its code; nothing of conditions with `or` between them."""
    found: dict[str, n.Expression] = {}
    for part in node.parts:
        named = {code for code in _units(part) if code in codes}
        if len(named) != 1:
            return {}
        found[named.pop()] = part
    return found


def chosen(node: n.AnyOf, codes: list[str], own: str) -> n.Expression | None:
    """The amount in the account's currency; None where there are conditions. Raises Refused where it is missing."""
    found = amounts(node, codes)
    if found and own not in found:
        raise Refused(f"no amount in {own}")
    return found.get(own)


def _units(node: n.Expression) -> list[str]:
    """The units of an amount, which is a figure, or a figure by a unit."""
    if isinstance(node, n.Quantity):
        return [node.unit.text]
    if isinstance(node, n.Group):
        return _units(node.inner)
    if isinstance(node, n.Negative):
        return _units(node.operand)
    if isinstance(node, n.Product):
        return [unit for _, factor in node.factors for unit in _units(factor)]
    return []
