"""Taxes on what is bought in advance and, later, on what that pays for."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in

_WITH_PURCHASES = ("charges", "subtotal")
"""The sums that have what was bought."""


def taxed_twice(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each tax on a sum that has the price of a package, where the package pays of the total: it is taxed
    when it is bought, and what it pays for is taxed too."""
    paying = tariff.deductions.get("total")
    ranks = paying.pools if paying is not None else ()
    sold = [name for rank in ranks for name in rank if _costs(tariff.pools[name])]
    for tax in tariff.charges.values():
        on = given_in(tax.on) if tax.word is tree.LineWord.TAX and tax.on is not None else ()
        named = next((given for given in on if given.name in _WITH_PURCHASES), None)
        if named is None:
            continue
        for name in sold:
            yield Diagnostic(
                "C111",
                f"`{tax.name}` taxes `{name}` when it is bought, and what `{name}` pays for once more",
                named.span,
                f"if the price list means this, nothing is to be done; else let `{name}` cover `subtotal`, or name the "
                "lines that the tax is on",
                Severity.NOTE,
            )


def _costs(pool: tree.Pool) -> bool:
    return any(row.price for row in pool.sizes) or any(row.price for row in pool.ranges)
