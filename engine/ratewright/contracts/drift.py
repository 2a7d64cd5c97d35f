"""What a list changed under a contract: figures that the contract replaced, and that later versions have otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ratewright.contracts import codes
from ratewright.diagnostics import Diagnostic, Severity, Span
from ratewright.meaning import nodes as tree


def drifted(lists: Sequence[tree.Tariff]) -> Iterator[Diagnostic]:
    """A warning for each replacement whose figure is another in a later one of the lists, which hold in turn."""
    first: dict[tuple[str, int], str] = {}
    for listed in lists:
        under = listed.contract
        for change in under.changes if under is not None else ():
            if change.operation is not tree.Operation.REPLACED or not change.before:
                continue
            was = first.setdefault(_place(change.span), change.before)
            if was != change.before and under is not None:
                first[_place(change.span)] = change.before
                yield Diagnostic(
                    codes.LIST_CHANGED,
                    f"from {listed.effective} the list has `{change.before}`; the contract replaced `{was}`",
                    change.span,
                    "a replacement does not follow the list; where it should, `scale` it instead",
                    Severity.WARNING,
                )


def _place(span: Span) -> tuple[str, int]:
    return span.source.name, span.start
