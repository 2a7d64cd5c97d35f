"""Factors of a contract: what several on one figure come to, which is said and never implied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ratewright.contracts import codes
from ratewright.contracts.contract import Contract
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.values.exact import Exact, exact, ratio

Scaled = tuple[Contract, s.Scale]


def factor_of(node: s.Number | s.Percent) -> Exact:
    """`80%` and `0.8` are one factor."""
    return ratio(node.value, 100) if isinstance(node, s.Percent) else node.value


def together(scales: Sequence[Scaled], what: str, report: Report) -> Exact:
    """What the factors on one figure come to. Several need `factors` in each of their contracts, and alike."""
    values = [Fraction(factor_of(scale.factor)) for _, scale in scales]
    if len(values) == 1:
        return exact(values[0])
    way = _way(scales, what, report)
    match way:
        case "compound":
            product = Fraction(1)
            for value in values:
                product *= value
            return exact(product)
        case "add":
            return _added(values, scales, report)
        case "largest":
            return exact(min(values))
    return 1  # reported


def _added(values: Sequence[Fraction], scales: Sequence[Scaled], report: Report) -> Exact:
    """What each takes off, taken off together."""
    left = 1 + sum(value - 1 for value in values)
    if left < 0:
        message = "the factors add up to more than the whole: what is left would be below 0"
        report.error(codes.FACTORS, message, scales[-1][1].factor.span, "write `factors compound`, or take off less")
        return 1
    return exact(left)


def _way(scales: Sequence[Scaled], what: str, report: Report) -> str:
    """The word behind `factors`, which all must have alike; empty where they do not (reported)."""
    said = [(contract, x, contract.factors.way.text if contract.factors else "") for contract, x in scales]
    (first, one, way), (second, other, last) = said[0], next((x for x in said if x[2] != said[0][2]), said[-1])
    unsaid = dict.fromkeys(contract.name for contract, _, word in said if not word)
    if unsaid:
        report.error(
            codes.FACTORS,
            f"two factors meet on {what}, and how they act together is not said",
            other.span,
            f"write `factors compound`, `factors add` or `factors largest` in {_listed(unsaid)}",
            (("the other", one.span),),
        )
        return ""
    if way != last:
        report.error(
            codes.FACTORS,
            f"two factors meet on {what}: `{first.name}` says `factors {way}`, `{second.name}` `factors {last}`",
            other.span,
            "let both say the same",
            (("the other", one.span),),
        )
        return ""
    return way


def _listed(names: Iterable[str]) -> str:
    return " and in ".join(f"`{name}`" for name in names)
