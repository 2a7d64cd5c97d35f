"""A rule file as its declarations by kind and name: the syntax tree, and nothing that the engine made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from ratewright.diagnostics import Source
from ratewright.syntax import nodes as n
from ratewright.syntax.parser import parse_rules
from tests.reference.clock import LAST, Clock, Span
from tests.reference.contracts import Delta
from tests.reference.currencies import ANY, own_currency, smallest_unit
from tests.reference.problems import NotCovered, Refused
from tests.reference.values import Figure, Units, add, multiply

S = TypeVar("S", bound=n.Statement)
TIERS = (n.Volume, n.Graduated)


def statement(declaration: n.Declaration, kind: type[S]) -> S | None:
    return next((each for each in declaration.statements if isinstance(each, kind)), None)


def statements(declaration: n.Declaration, kind: type[S]) -> list[S]:
    return [each for each in declaration.statements if isinstance(each, kind)]


@lru_cache(maxsize=4)
def _declarations(text: str) -> tuple[n.Declaration, ...]:
    """What a rule file declares. Raises Refused."""
    tree, problems = parse_rules(Source("reference.tariff", text))
    if problems:
        raise Refused(str(problems[0]))
    return tree.declarations


class Rules:
    """One price list, in the currency of an account."""

    def __init__(
        self,
        text: str,
        account: str | None = None,
        under: Callable[[tuple[n.Declaration, ...]], Delta] = Delta,
    ) -> None:
        self.delta = under(_declarations(text))
        self.declarations = self.delta.declarations
        self.contracts = False  # whether any is beside the list
        self.listed: Rules | None = None  # the list without the contracts that hold, where any do
        self.then: Rules | None = None  # the version after this one
        self.change = LAST
        self.splits = False
        tariff = next(each for each in self.declarations if isinstance(each, n.Tariff))
        self.tariff = tariff
        currency, zone, by = (statement(tariff, kind) for kind in (n.Currency, n.Timezone, n.Bytes))
        if currency is None or zone is None:
            raise Refused("a price list has a currency and a timezone")
        self.codes = [code.text for code in currency.codes]
        self.currency = own_currency(self.codes, account)
        self.smallest = smallest_unit(self.currency)
        self.money = ((self.currency, 1),)
        self.clock = Clock(zone.name.text)
        self.units = Units(self.currency, int(by.by) if by else None)
        if self.several:
            self.units.known[ANY] = self.units[self.currency]
        self.settings = self._of(n.Setting)
        self.tables = self._of(n.Table)
        self.meters = self._of(n.Meter)
        self.pools = self._of(n.Pool)
        self.lines = self._of(n.Charge)
        self.deducts = self._of(n.Deduct)
        self.limits = self._of(n.LimitDeclaration)
        self.defines = {
            each.name.text: each.expression
            for each in self.declarations
            if isinstance(each, n.Define) and each.expression is not None
        }
        for unit in self._of(n.UnitDeclaration).values():
            names = tuple(each.text for each in (unit.name, unit.plural) if each)
            formula = unit.formula
            self.units.declare(names, None if formula is None else lambda formula=formula: self.unit_formula(formula))

    def at(self, instant: datetime) -> Rules:
        """The version that is in force at an instant."""
        return self if self.then is None or instant < self.change else self.then.at(instant)

    @property
    def last(self) -> Rules:
        """The latest version."""
        return self if self.then is None else self.then.last

    @property
    def changes(self) -> list[datetime]:
        """The days from which later versions hold."""
        return [] if self.then is None else [self.change, *self.then.changes]

    def cut(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Periods, ended on the day from which another version holds, where that splits them."""
        for span in spans:
            start = span.start
            version: Rules | None = self
            while version is not None:
                if version.splits and start < version.change < span.end:
                    yield Span(start, version.change)
                    start = version.change
                version = version.then
            yield Span(start, span.end)

    def _of(self, kind: type[n.Node]) -> dict[str, n.Declaration]:
        return {each.name.text: each for each in self.declarations if isinstance(each, kind)}

    @property
    def several(self) -> bool:
        """Whether the list has several currencies."""
        return len(self.codes) > 1

    def unit_formula(self, node: n.Expression) -> Figure:
        """What a declared unit is made of."""
        if isinstance(node, n.Ref):
            return self.units[node.name.text]
        if isinstance(node, n.Quantity):
            return multiply(Figure(Fraction(node.value)), self.units[node.unit.text])
        if isinstance(node, n.Number):
            return Figure(Fraction(node.value))
        if isinstance(node, n.Product):
            result = Figure(Fraction(1))
            for sign, factor in node.factors:
                result = multiply(result, self.unit_formula(factor), 1 if sign == "*" else -1)
            return result
        if isinstance(node, n.Sum):
            result = self.unit_formula(node.terms[0][1])
            for sign, term in node.terms[1:]:
                result = add(result, self.unit_formula(term), 1 if sign == "+" else -1)
            return result
        raise NotCovered(f"a unit made of {type(node).__name__}")

    def unit(self, name: n.UnitName) -> Figure:
        result = Figure(Fraction(1))
        for sign, number, factor in name.factors:
            result = multiply(
                result, multiply(Figure(Fraction(number)), self.units[factor.text]), 1 if sign == "*" else -1
            )
        return result

    def measure(self, meter: str) -> n.Measure:
        found = statement(self.meters[meter], n.Measure)
        if found is None:
            raise Refused(f"`{meter}` has no measure")
        return found

    def kept_apart(self, meter: str) -> tuple[str, ...]:
        by = statement(self.meters[meter], n.By)
        return tuple(each.text for each in by.names) if by else ()

    def recorded(self, meter: str) -> str:
        """The meter whose records this one has."""
        reads = statement(self.meters[meter], n.Reads)
        return self.recorded(reads.meter.text) if reads else meter

    @property
    def absent(self) -> set[str]:
        """What is declared and not there, by contracts."""
        return self.delta.absent

    def stretches(self) -> Iterator[Rules]:
        """The versions, this one first."""
        yield self
        if self.then is not None:
            yield from self.then.stretches()

    def keeps_chain(self, name: str) -> bool:
        """Whether the same quotas pay for a meter in all versions."""
        return all(version.chain(name) == self.chain(name) for version in self.stretches())

    def chain(self, name: str) -> list[list[str]]:
        """The ranks of quotas that pay for a meter, line or sum, without the charges at their end."""
        deduct = self.deducts.get(name)
        ranks = [[each.text for each in rank] for rank in deduct.ranks] if deduct else []
        return [rank for rank in ranks if rank[0] in self.pools]

    def order(self, meter: str) -> dict[str, tuple[str, ...]]:
        """What usage of a meter is served in order of: the choices of fields, the first one first."""
        deduct = self.deducts.get(meter)
        names = [each.text for each in deduct.order] if deduct else []
        fields = statements(self.meters[self.recorded(meter)], n.Field) if names else []
        kinds = {name.text: each.kind for each in fields for name in each.names}
        if any(name not in kinds or kinds[name].kind != "choice" for name in names):
            raise NotCovered("in order of what is no field with choices")
        if names and any(self._settled_before(pool) for rank in self.chain(meter) for pool in rank):
            raise NotCovered("in order of something, from what others draw from, rolls over or is given back")
        return {name: tuple(choice.text for choice in kinds[name].choices) for name in names}

    def waits(self, meter: str) -> bool:
        """Whether usage of a meter is served when the period of its charge ends: in an order, or from a quota that is
        filled until then."""
        return bool(self.order(meter)) or any(self.is_filled(pool) for rank in self.chain(meter) for pool in rank)

    def is_filled(self, pool: str) -> bool:
        """Whether what meters measure fills a quota."""
        size = statement(self.pools[pool], n.Size)
        return size is not None and any(
            isinstance(each, n.Ref) and each.name.text in self.meters for each in walk(size.amount)
        )

    def _settled_before(self, pool: str) -> bool:
        """Whether what a quota has left may matter before the usage that is served last is known."""
        shared = sum(any(pool in rank for rank in self.chain(name)) for name in self.deducts) > 1
        return shared or any(isinstance(each, (n.Rolls, n.Overdraws, n.Refund)) for each in self.pools[pool].statements)

    def defines_of(self, declaration: n.Declaration) -> dict[str, n.Expression]:
        """The named formulas that a declaration sees: its own steps and those at the top."""
        # Steps stand among the statements of their block.
        own = {
            each.name.text: each.expression
            for each in declaration.statements
            if isinstance(each, n.Define) and each.expression is not None
        }
        return self.defines | own

    def written(self, time: n.Time) -> datetime:
        """An instant as the file writes it, as local time where it says no offset."""
        moment = datetime.fromisoformat(str(time.moment).replace(" ", "T"))
        if moment.tzinfo is not None:
            return moment.replace(tzinfo=None) - (moment.utcoffset() or moment - moment)
        return self.clock.instant(moment)

    def effective(self) -> tuple[datetime | None, datetime | None]:
        found = statement(self.tariff, n.Effective)
        if found is None:
            return None, None
        return self.written(found.start), self.written(found.until) if found.until else None


def walk(node: object) -> Iterator[n.Node]:
    """A node and everything in it."""
    if isinstance(node, tuple):
        for each in node:
            yield from walk(each)
    elif isinstance(node, n.Node):
        yield node
        for name in node.__struct_fields__:
            yield from walk(getattr(node, name))
