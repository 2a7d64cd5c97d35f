"""What a list changed under a contract: figures that the contract replaced, and that later versions have otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ratewright.contracts import codes
from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree


def drifted(lists: Sequence[tree.Tariff]) -> Iterator[Diagnostic]:
    """A warning for each replacement whose figure is another in a later one of the lists, which hold in turn."""
    first: dict[tuple[str, str, int], str] = {}
    for listed in (own for version in lists for own in version.by_currency):
        under = listed.contract
        for change in under.changes if under is not None else ():
            if change.operation is not tree.Operation.REPLACED or not change.before:
                continue
            place = listed.currency, change.span.source.name, change.span.start
            was = first.setdefault(place, change.before)
            if was != change.before:
                first[place] = change.before
                yield Diagnostic(
                    codes.LIST_CHANGED,
                    f"from {listed.effective} the list has `{change.before}`; the contract replaced `{was}`",
                    change.span,
                    "a replacement does not follow the list; where it should, `scale` it instead",
                    Severity.WARNING,
                )
