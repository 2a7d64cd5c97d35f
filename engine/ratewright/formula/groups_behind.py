"""What a look back has come to for the days, or other periods, that are over: the next look asks only what came since.

A meter that looks back to the activation is asked again for each period of the account's life. Of a series whose
groups know nothing but their records, those that are over come to the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from whenever import Instant

from ratewright.formula.aggregations import AGGREGATIONS, OverTime
from ratewright.formula.given import BEHIND, RECORDS, Record, Values
from ratewright.formula.observer import Label, Many
from ratewright.meaning import nodes as n
from ratewright.meaning.walk import parts
from ratewright.values.calendar import Period

OfGroups = Callable[[Values], list[tuple[Label, Values, Any]]]
"""Works out the groups of given values: each with its label, what it was asked with, and its figure, NOT_LET_IN where
a condition leaves it out."""

NOT_LET_IN = object()
_ASKS_RECORDS = (n.FieldValue, n.RecordFact)
_ASKS_MORE = (n.Series, n.Lookup, n.RowsOf, n.Priced, n.Choose)


class Behind(Struct, frozen=True):
    """The groups that are over, until an instant: their records, and labels and figures of those that are let in."""

    until: Instant
    records: list[Record]
    labels: list[Label]
    figures: list[Any]

    def count_in(self, records: list[Record]) -> int:
        """How many of the records are those of the groups that are over; 0 where a record has come to them since."""
        count = len(self.records)
        goes_on = len(records) == count or (len(records) > count and records[count]["record:at"] >= self.until)
        return count if goes_on and records[:count] == self.records else 0


def knows_records_alone(node: n.Series) -> bool:
    """Whether what a series comes to for each of its periods hangs on the records in it and on nothing else."""
    asked = [node.operand] if node.condition is None else [node.operand, node.condition]
    return node.cadence is not None and not node.or_zero and all(map(_alone, asked))


def _alone(formula: n.Expression) -> bool:
    return not any(
        isinstance(part, _ASKS_MORE)
        or (isinstance(part, n.Given) and not isinstance(part, _ASKS_RECORDS))
        or (isinstance(part, n.Aggregate) and isinstance(AGGREGATIONS[part.aggregation].work, OverTime))
        for part in parts(formula)
    )


def looked_back(node: n.Series, values: Values, of_groups: OfGroups) -> Many:
    """The values of the groups of a look back that begins with `values`; those that are over are not asked again."""
    kept: dict[int, Behind] | None = values.get(BEHIND)
    records: list[Record] = values[RECORDS]
    end: Instant = values["period:end"]
    behind = kept.get(id(node)) if kept is not None else None
    done = behind.count_in(records) if behind is not None else 0
    before = behind if behind is not None and done else Behind(end, [], [], [])
    groups = of_groups({**values, RECORDS: records[done:]})
    over = [group for group in groups if _ends(group[0]) <= end]
    if kept is not None and all(_has_all_of(record, label) for label, asked, _ in over for record in asked[RECORDS]):
        kept[id(node)] = _with(before, over)
    return _many(before, groups)


def _ends(label: Label) -> Instant:
    assert isinstance(label, Period)
    return label.end


def _has_all_of(record: Record, label: Label) -> bool:
    """Whether a record that lasts is in no further group."""
    return record["record:until"] is None or record["record:until"] <= _ends(label)


def _with(before: Behind, over: Sequence[tuple[Label, Values, Any]]) -> Behind:
    if not over:
        return before
    found = _many(before, over)
    records = [*before.records, *(record for _, asked, _ in over for record in asked[RECORDS])]
    until = max(_ends(label) for label, _, _ in over)
    return Behind(until, records, list(found.labels), list(found))


def _many(before: Behind, groups: Sequence[tuple[Label, Values, Any]]) -> Many:
    let_in = [(label, figure) for label, _, figure in groups if figure is not NOT_LET_IN]
    labels = [*before.labels, *(label for label, _ in let_in)]
    return Many([*before.figures, *(figure for _, figure in let_in)], labels)
