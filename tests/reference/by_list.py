"""What the list alone asks for a line under contracts: the same line of the list, asked with what reached the
contract's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from tests.reference.amounts import UnclearError
from tests.reference.formulas import Value
from tests.reference.ledger import Ledger
from tests.reference.lines import SUMS, Asked, Line, LineRules
from tests.reference.problems import Refused

Names = Callable[..., Value | None]


def with_listed(
    ledger: Ledger,
    line: LineRules,
    asked: Asked,
    asks: Names,
    made: Line | None,
    again: Callable[[LineRules], tuple[Asked, Names]],
) -> Line | None:
    """A line with what the list asks; one of 0 where the list alone asks something.
    `again` gives what the list's line is asked for, and the names by the list's amounts."""
    if not ledger.rules.contracts:
        return made
    listed = _asked(ledger, line, asked, again)
    if made is not None:
        return replace(made, listed=listed, added=line.by_list is None)
    if not listed:
        return None
    away, nothing = not line.applies(asked, asks), Fraction(0)
    return Line(line.kind, line.name, asked.span, asked.key, asked.quantity, nothing, nothing, listed, away=away)


def _asked(
    ledger: Ledger, line: LineRules, asked: Asked, again: Callable[[LineRules], tuple[Asked, Names]]
) -> Fraction | None:
    """What the list asks; None where that is not worked out, or the list has no price for it."""
    by_list = line.by_list
    if by_list is None or _others(ledger, by_list) - _others(ledger, line):
        return None
    try:
        other, names = again(by_list)
        of_longer = ledger.listed.of_longer(by_list, asked.span.start, asked.key, asked.span)
        found = ledger.priced(by_list, replace(other, of_longer=of_longer), names, asked.span)
    except (Refused, UnclearError):
        return None
    return Fraction(0) if found is None else found[1]


def _others(ledger: Ledger, line: LineRules) -> set[str]:
    """The lines, sums and meters that a line goes by."""
    return set(line.asked) & {*ledger.lines, *SUMS, *ledger.rules.meters}
