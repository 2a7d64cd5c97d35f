"""The values that the evaluation brings: of settings, records, meters, lines and periods."""

from __future__ import annotations

from typing import ClassVar

from ratewright.meaning.nodes.node import Expression
from ratewright.values.calendar import Cadence


class Given(Expression, frozen=True):
    """A value that the evaluation brings, found by its key. Subclasses say what it is."""

    name: str
    prefix: ClassVar[str] = ""

    @property
    def key(self) -> str:
        return f"{self.prefix}:{self.name}"


class SettingValue(Given, frozen=True):
    prefix: ClassVar[str] = "setting"


class FieldValue(Given, frozen=True):
    prefix: ClassVar[str] = "field"


class RecordFact(Given, frozen=True):
    """`quantity`, `times`, `at` or `lasted` of a record."""

    prefix: ClassVar[str] = "record"


class RecordPlace(Given, frozen=True):
    """Which record of its meter, and of what it is kept apart by, a record is in the period that holds it: 1, 2, …"""

    cadence: Cadence
    prefix: ClassVar[str] = "place"


class MeterLeft(Given, frozen=True):
    """What is left of a meter after `deduct`: the meaning of its name in `on`."""

    prefix: ClassVar[str] = "left"


class Measured(Given, frozen=True):
    """What was measured: the meaning of a meter's name everywhere else."""

    prefix: ClassVar[str] = "measured"


class LineAmount(Given, frozen=True):
    """The amount of a charge, package or limit: what its lines add up to."""

    prefix: ClassVar[str] = "line"


class LineLeft(Given, frozen=True):
    """What is left of a line, or of a sum of lines, after `deduct`: the meaning of its name in `on`."""

    prefix: ClassVar[str] = "line_left"


class SumOfLines(Given, frozen=True):
    """`charges`, `subtotal`, `total` or `due`."""

    prefix: ClassVar[str] = "sum"


class KeyValue(Given, frozen=True):
    """What a meter is kept apart by: the region, the product, … of the line at hand."""

    prefix: ClassVar[str] = "key"


class TagValue(Given, frozen=True):
    """What the usage at hand is marked with, for the pools that pay for it."""

    prefix: ClassVar[str] = "tag"


class StepValue(Given, frozen=True):
    """A step of a meter in an expectation; the name is `meter.step`."""

    prefix: ClassVar[str] = "step"


class LineQuantity(Given, frozen=True):
    prefix: ClassVar[str] = "line_quantity"


class LineExact(Given, frozen=True):
    """The amount before rounding."""

    prefix: ClassVar[str] = "line_exact"


class ChargeQuantity(Given, frozen=True):
    """`quantity` in a charge: the result of its `on`."""

    prefix: ClassVar[str] = "charge"


class PeriodFact(Given, frozen=True):
    """`days` or `length` of the period at hand, or its `start` and `end`."""

    prefix: ClassVar[str] = "period"


class LotFact(Given, frozen=True):
    """What is known of a lot when it is refunded or placed: `paid`, `purchase`, `unused`, …"""

    prefix: ClassVar[str] = "lot"


class Outcome(Given, frozen=True):
    """A figure of a finished bill, for expectations: `total`, `drawn(p1)`, `peak(concurrency)`, …"""

    prefix: ClassVar[str] = "outcome"
