"""The most that a line costs: in all, for each block of its quantity, or with the other lines of a longer period."""

from __future__ import annotations

from msgspec import Struct

from ratewright.meaning import nodes as n
from ratewright.meaning.types import Kind, Type, figure
from ratewright.meaning.walk import expressions_in
from ratewright.resolve.blocks import Block
from ratewright.resolve.cadences import resolve_cadence
from ratewright.resolve.scope import NOTHING, Scope
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.durations import PERIOD_WORDS
from ratewright.values.exact import Exact
from ratewright.values.units import Unit


class Maximums(Struct, frozen=True):
    """What the `maximum` of a line says: the most of the whole line, of each block of its quantity, or of all its lines
    in a longer period."""

    whole: n.Expression | None = None
    of_blocks: n.BlockMaximum | None = None
    of_periods: n.PeriodMaximum | None = None

    @property
    def of_line(self) -> n.Expression | None:
        """What the whole line costs at most, as far as the list says."""
        return self.of_periods.limit if self.of_periods is not None else self.whole

    @property
    def limits(self) -> tuple[n.Expression, ...]:
        """The formulas of it."""
        return tuple(expressions_in((self.whole, self.of_blocks, self.of_periods)))


def resolve_maximum(block: Block, expressions: Expressions, scope: Scope, unit: Unit | None, money: Type) -> Maximums:
    """The maximum of a line that prices a quantity in `unit`, or none where that is None."""
    statement = block.one(s.Maximum)
    if statement is None:
        return Maximums()
    limit = expressions.typed(statement.expression, scope, money, "a maximum")
    if statement.period is not None:
        cadence, _ = resolve_cadence(statement.period, expressions)
        return Maximums(of_periods=n.PeriodMaximum(statement.span, limit, cadence))
    if statement.block is None:
        return Maximums(limit)
    each = statement.block
    size = _size(s.Quantity(each.span, each.count, each.unit), block, expressions, unit)
    if size is None or unit is None:
        return Maximums()
    written = expressions.units.get(each.unit.text, unit)
    return Maximums(of_blocks=n.BlockMaximum(statement.span, limit, size, written))


def _size(written: s.Quantity, block: Block, expressions: Expressions, unit: Unit | None) -> Exact | None:
    """How much a block holds, in base units; None where the line cannot be cut so (reported)."""
    report, each, word = expressions.report, f"each {written.span.text}", block.declaration.word
    if word != "charge":
        report.error(
            "R203",
            f"a {word} is on money, which is not cut into blocks: `{each}` is for a charge",
            written.span,
            f"delete `{each}`; the maximum is then for each line",
        )
        return None
    if unit is None or block.one(s.AmountForm) is not None:
        report.error(
            "R203",
            f"{block.name} has no price for a quantity, and nothing of it is for {each}",
            written.span,
            f"price what is used, by `on` and `rate`; or delete `{each}`",
        )
        return None
    made = expressions.resolve(written, NOTHING)
    if made.type.kind is Kind.UNKNOWN:
        return None
    if made.type != figure(unit.dimension):
        of_time = PERIOD_WORDS.get(written.unit.text) is not None
        help = "the most of all lines that begin in one day is `maximum … each day`" if of_time else None
        report.error(
            "R205",
            f"{block.name} prices {unit.plural or 'plain numbers'}, and `{written.span.text}` is no block of them",
            written.span,
            help or f"write `each {written.span.text.split()[0]} {unit.plural}`",
        )
        return None
    value = made.value if isinstance(made, n.Constant) else 0
    if not isinstance(value, bool) and value:
        return value  # type: ignore[return-value]
    report.error("R219", "a block must be more than 0", written.span, f"write `each 24 {written.unit.text}`")
    return None
