"""In a statement: how the bill of a period differs from the one before, and by which lines most."""

from __future__ import annotations

from ratewright.comparison.states import states_of
from ratewright.explain.document import Document
from ratewright.explain.rows.line_rows import named_line
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import sentences
from ratewright.rating.bill import Bill, LineKind
from ratewright.values.exact import Exact, exact

_MOST = 2
_FOLLOWING = (LineKind.DISCOUNT, LineKind.TAX)
"""Lines that follow from others."""


def with_change(document: Document, before: Bill, bill: Bill, say: Phrases) -> Document:
    """The document of a bill that says at its foot what changed against the bill before."""
    more = exact(bill.due - before.due)
    if not more or not document.sums:
        return document
    told = sentences("why", "comparison", "since", more, _reasons(before, bill, say), say)
    last = document.sums[-1]
    return document._replace(sums=(*document.sums[:-1], last._replace(notes=(*last.notes, *told))))


def _reasons(before: Bill, bill: Bill, say: Phrases) -> list[tuple[str, Exact]]:
    """The lines that are most others, each declaration and correction as a whole, with how much more they are."""
    found: dict[tuple[LineKind, str], tuple[str, Exact]] = {}
    for sign, made in ((1, bill), (-1, before)):
        for group, state in states_of([made]).items():
            if group.kind not in _FOLLOWING and group.of not in {kind.value for kind in _FOLLOWING}:
                of = group.kind, group.source
                label, amount = found.get(of, (named_line(say.label_of(state.lines[0]), group.kind), 0))
                found[of] = label, exact(amount + sign * state.billed)
    others: list[tuple[str, Exact]] = []
    for label, amount in found.values():
        against = next((each for each in others if each[1] == -amount), None)
        if against is not None:
            others.remove(against)  # what cancels, such as a least amount, is no reason
        elif amount:
            others.append((label, amount))
    return sorted(others, key=lambda each: min(each[1], -each[1]))[:_MOST]
