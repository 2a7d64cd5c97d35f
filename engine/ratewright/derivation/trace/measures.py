"""How a meter came to what it measured over a whole period."""

from __future__ import annotations

from msgspec import Struct
from whenever import Instant

from ratewright.derivation.trace.formulas import Arithmetic
from ratewright.derivation.value_texts import LateText
from ratewright.meaning import nodes as tree
from ratewright.usage.model import Record
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact
from ratewright.values.units import Dimension

Label = Period | Instant | str
"""What a value of a series is of: a period, the instant of a record, or a name."""


class StepTrace(Struct, frozen=True, gc=False):
    """A named step of a measure.

    `value` is a figure in base units, or None for a series, whose `values` come with what each is of.
    `text` is the formula as written, `dimension` what its figures are in, `how` the arithmetic of a value.
    """

    key: tuple[tuple[str, str], ...]
    name: str
    text: str
    dimension: Dimension
    value: Exact | None
    values: tuple[tuple[Label, Exact], ...] = ()
    how: Arithmetic | None = None


class SampleTrace(Struct, frozen=True, gc=False):
    """Which of many values an aggregation took: the `rank`-th highest (or lowest) of `count`.

    `at` says when it was recorded, or what the value of a series is of.
    """

    aggregation: tree.Aggregation
    text: str
    dimension: Dimension
    count: int
    rank: int
    value: Exact
    at: Label | None


class SeveralTrace(Struct, frozen=True, gc=False):
    """The values that `highest(x, 5)` and the like took of `count`, with what each is of."""

    aggregation: tree.Aggregation
    text: str
    dimension: Dimension
    count: int
    values: tuple[tuple[Label | None, Exact], ...]


class LevelsTrace(Struct, frozen=True, gc=False):
    """The stretches over which `integral` added up a value: from when to when it was how much.

    Stretches that adjoin at one value are one. Of many only the first are kept; `more` counts the others.
    """

    text: str
    dimension: Dimension
    stretches: tuple[tuple[Period, Exact], ...]
    more: int
    value: Exact


class DistinctTrace(Struct, frozen=True, gc=False):
    """The different values that `unique` counted. Of many only the first are kept; `more` counts the others."""

    text: str
    count: int
    values: tuple[LateText, ...]
    more: int


TakenTrace = SampleTrace | SeveralTrace | LevelsTrace | DistinctTrace


class MeasureTrace(Struct, frozen=True, gc=False):
    """What a meter measured over one whole period, for one key, from how many records, and how.

    `samples` say what its aggregations took of the records; `how` is the arithmetic of what they gave, None
    where the measure is one aggregation. `since` says from when on it looked at how many records, where it looks
    back further than the period. `record` is the one that was measured alone.
    """

    key: tuple[tuple[str, str], ...]
    period: Period
    text: str
    records: int
    quantity: Exact
    steps: tuple[StepTrace, ...]
    samples: tuple[TakenTrace, ...]
    how: Arithmetic | None = None
    since: tuple[tuple[Instant, int], ...] = ()
    record: Record | None = None
