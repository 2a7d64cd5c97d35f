"""What a statement begins with: its bills side by side, a bar for each, the largest charges, the taxes of all bills.

Nothing is worked out here: the figures of a bill are those of the ladder at its foot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ratewright.explain.document import Cell, Document, Link, Money, Note, Row, Section, Table
from ratewright.explain.sections.due_bars import due_bars
from ratewright.explain.sections.span_sums import largest_charges, span_taxes
from ratewright.explain.sections.sum_rows import Ladder, ladder
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import phrase, sentences
from ratewright.rating.bill import Bill, Statement
from ratewright.values.exact import Exact, exact, summed

_DISCOUNTS = 2
_TAXES = 3
"""So many have a column each; more of them have one together."""


class Column(NamedTuple):
    """One step of the ladders. `place` says where it stands among the others."""

    place: int
    head: str


class _Bill(NamedTuple):
    """A bill with what it says at its foot, step by step."""

    bill: Bill
    document: Document
    ladder: Ladder
    steps: dict[Column, Exact]


def statement_summary(statement: Statement, documents: Sequence[Document], say: Phrases) -> tuple[Section, ...]:
    """The sections; none for a statement of one bill. `documents` are those of its bills, each with an id."""
    if len(documents) < 2:
        return ()
    bills = _bills(statement.bills, documents, say)
    table = _table(bills, say)
    told = [each for each in bills if not each.document.idle]
    notes = _extremes(told, say)
    picture = due_bars(statement.bills, "; ".join(note.text for note in notes), say)
    first = Section("summary", "bills", phrase("summary", "bills", say), tables=(table,), picture=picture)
    if len(told) > 1:
        first = first._replace(tables=(table._replace(notes=tuple(notes)),))
    return (first, *largest_charges(statement.bills, say), *span_taxes(statement.bills, say))


def _bills(bills: Sequence[Bill], documents: Sequence[Document], say: Phrases) -> list[_Bill]:
    ladders = [ladder(document.sums) for document in documents]
    heads = _heads([step for each in ladders for step in each.steps], say)
    made = []
    for bill, document, foot in zip(bills, documents, ladders, strict=True):
        steps: dict[Column, Exact] = {}
        for step in foot.steps:
            column = heads[_of(step)]
            assert step.money is not None
            steps[column] = exact(steps.get(column, 0) + step.money.amount)
        made.append(_Bill(bill, document, foot, steps))
    return made


_Of = tuple[str, str, object]


def _of(step: Row) -> _Of:
    """What has a column: each discount, each tax at each rate, and of the others each kind."""
    if step.kind in ("discount", "tax"):
        return step.kind, step.label, step.node
    return "payment" if step.name == "paid" else step.kind, "", None


def _heads(steps: Sequence[Row], say: Phrases) -> dict[_Of, Column]:
    """The columns, in the order of their steps."""
    found = list(dict.fromkeys(map(_of, steps)))
    many = {kind: sum(each[0] == kind for each in found) for kind in ("discount", "tax")}
    columns = {}
    for each in found:
        kind, label, rate = each
        match kind:
            case "discount":
                head = label if many[kind] <= _DISCOUNTS else phrase("summary", "discounts", say)
            case "tax":
                head = phrase("summary", "tax", label, rate, say)
                head = head if many[kind] <= _TAXES else phrase("summary", "taxes", say)
            case _:
                head = phrase("summary", _WORDS[kind], say)
        columns[each] = Column(_ORDER.index(kind), head)
    return columns


_ORDER = ("discount", "tax", "correction", "rounding", "payment")
_WORDS = {"correction": "corrections", "rounding": "rounding", "payment": "paid"}


def _table(bills: Sequence[_Bill], say: Phrases) -> Table:
    found = dict.fromkeys(column for each in bills for column in each.steps)
    columns = sorted(found, key=lambda column: column.place)  # those of a kind stay in the order of their steps
    rows = [row for idle, run in groupby(bills, _is_idle) for row in _rows(idle, list(run), columns, say)]
    sums = [summed(each.steps.get(column, 0) for each in bills) for column in columns]
    charges, due = summed(each.ladder.charges for each in bills), summed(map(_due, bills))
    heads = (phrase("summary", "charges", say), *(column.head for column in columns)) if columns else ()
    foot = _cells(charges, sums, due, say)
    return Table(
        "bills",
        "",
        (phrase("summary", "bill", say), *heads, phrase("summary", "due", say)),
        tuple(rows),
        (phrase("summary", "all", say), *foot),
    )


def _is_idle(each: _Bill) -> bool:
    return each.document.idle


def _due(each: _Bill) -> Exact:
    assert each.ladder.due.money is not None
    return each.ladder.due.money.amount


def _rows(idle: bool, run: list[_Bill], columns: Sequence[Column], say: Phrases) -> Iterator[tuple[Cell, ...]]:
    """The rows of bills that follow on one another; one for all of them where there is nothing to tell."""
    if idle:
        label = phrase("summary", "no_bill", tuple(each.bill for each in run), say)
        yield label, *([None] * (len(columns) + 1 if columns else 0)), _money(0, say)
        return
    for each in run:
        link = Link(say.stretch(each.bill.period.start, each.bill.period.end), each.document.id)
        steps = [each.steps.get(column) for column in columns]
        yield link, *_cells(each.ladder.charges, steps, _due(each), say)


def _cells(charges: Exact, steps: Sequence[Exact | None], due: Exact, say: Phrases) -> Iterator[Cell]:
    """The amounts of a row; nothing in columns of which a bill has no step."""
    if steps:
        yield _money(charges, say)
    yield from (None if step is None else _money(step, say) for step in steps)
    yield _money(due, say)


def _money(amount: Exact, say: Phrases) -> Money:
    return Money(amount, amount, say.amount(amount))


def _extremes(told: Sequence[_Bill], say: Phrases) -> list[Note]:
    """The highest bill and the lowest."""
    if len(told) < 2:
        return []
    high, low = max(told, key=_due), min(told, key=_due)
    names = [say.stretch(each.bill.period.start, each.bill.period.end) for each in (high, low)]
    return sentences("why", "summary", "highest", names[0], _due(high), names[1], _due(low), say)
