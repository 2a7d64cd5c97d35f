"""What pools of money pay: of a line, of the bill before taxes, of the bill after them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from whenever import Instant

from ratewright.rating import trace
from ratewright.rating.bill import Line, LineKind
from ratewright.rating.draw import Fed
from ratewright.rating.ledger import Ledger
from ratewright.rating.sources import Sources
from ratewright.tree import nodes as tree
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact
from ratewright.values.units import currency_unit


class Payments:
    """Draws money from pools for lines and sums, in the order that `deduct` states."""

    def __init__(self, tariff: tree.Tariff, sources: Sources, ledger: Ledger) -> None:
        self._tariff = tariff
        self._sources = sources
        self._ledger = ledger

    def of_line(self, charge: tree.Charge, of: Fed, line: Line) -> list[Line]:
        """What is paid of a line, as lines that take it off again."""
        if charge.name not in self._tariff.deductions or line.amount <= 0:
            return []
        keys = dict(zip(charge.by, of[2], strict=True))
        return self._paid(charge.name, line.amount, of[1], keys, line.key)

    def of_sum(self, target: str, period: Period, lines: Sequence[Line]) -> list[Line]:
        """What is paid of `subtotal` or `total`: of the lines so far."""
        owed = exact(sum(line.amount for line in lines))
        if target not in self._tariff.deductions or owed <= 0:
            return []
        return self._paid(target, owed, period, {}, ())

    def _paid(
        self,
        target: str,
        owed: Exact,
        period: Period,
        keys: Mapping[str, tree.Value],
        key: tuple[tuple[str, str], ...],
    ) -> list[Line]:
        drawn: dict[str, list[tuple[str, Exact]]] = defaultdict(list)
        pools: dict[str, tree.Pool] = {}
        for lot, amount in self._sources.pay(target, owed, period.end):
            pools[lot.pool.name] = lot.pool
            drawn[lot.pool.name].append((lot.id, amount))
        lines = []
        left = owed
        for name, lots in drawn.items():
            amount = exact(sum(a for _, a in lots))
            lines.append(self._line(pools[name], target, left, lots, amount, period, key))
            self._ledger.paid(target, period, keys, amount)
            left = exact(left - amount)
        return lines

    def _line(
        self,
        pool: tree.Pool,
        target: str,
        before: Exact,
        lots: list[tuple[str, Exact]],
        amount: Exact,
        period: Period,
        key: tuple[tuple[str, str], ...],
    ) -> Line:
        at: Instant | None = None
        return Line(
            LineKind.PAYMENT,
            pool.name,
            pool.title,
            amount,
            currency_unit(self._tariff.currency),
            exact(-amount),
            exact(-amount),
            at,
            period,
            pool.span,
            pool.cite,
            trace.PaymentTrace(pool, target, before, tuple(lots), amount),
            key,
        )
