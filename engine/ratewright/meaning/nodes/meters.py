"""Settings, fields, and meters: how records become a quantity."""

from __future__ import annotations

from ratewright.meaning.nodes.node import Expression, Node, Value
from ratewright.meaning.types import Type
from ratewright.values.units import Unit


class Setting(Node, frozen=True):
    """A value that the account brings. `default` is None where the account must bring it; `below` says that a figure
    may be below 0, `told_in` in which unit it is told where that is not the one that it is given in: a percentage."""

    name: str
    title: str
    type: Type
    unit: Unit | None
    default: Value | None
    cite: str
    below: bool = False
    told_in: Unit | None = None


class Field(Node, frozen=True):
    """What a record of a meter tells beside its quantity. `default` is None where it must tell it; `below` says that a
    figure may be below 0."""

    name: str
    type: Type
    unit: Unit | None
    default: Value | None
    below: bool = False


class Tag(Node, frozen=True):
    """Something that each record of a meter is marked with: a field, or a formula on the record."""

    name: str
    type: Type
    unit: Unit | None
    expression: Expression


class Step(Node, frozen=True):
    """A named formula of a meter that has one value for each period."""

    name: str
    type: Type
    expression: Expression


class Where(Node, frozen=True):
    """A condition that a record must meet to count."""

    condition: Expression


class Corrections(Node, frozen=True):
    """Records below 0 take usage back: down to 0 in each period, or `below` it."""

    below: bool


class Meter(Node, frozen=True):
    """How records become a quantity, in `unit`.

    `each` is the quantity that one record adds where the measure is a plain sum of those; None where
    the measure speaks of the records of a whole period (a peak, a mean). `reads` names the meter whose
    records they are, and `recorded` is the unit of those records. `by` are the names of `tags` by which
    usage is kept apart. With `spread` a record that stands for a stretch of time is an even flow over it.
    `corrections` is None where no record may be below 0.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    where: tuple[Where, ...]
    measure: Expression
    each: Expression | None
    unit: Unit
    cite: str
    reads: str = ""
    by: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    steps: tuple[Step, ...] = ()
    recorded: Unit | None = None
    spread: bool = False
    corrections: Corrections | None = None

    def tag(self, name: str) -> Tag:
        """The tag of a name."""
        return next(tag for tag in self.tags if tag.name == name)
