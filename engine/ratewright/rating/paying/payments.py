"""What pools of money pay: of a line, of the bill before taxes, of the bill after them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan
from ratewright.quota.lots import Lot
from ratewright.rating.bill import Line, LineKind
from ratewright.rating.lines.ledger import Entry, Ledger
from ratewright.rating.rounding import of_bill
from ratewright.rating.serving.drawing import Fed
from ratewright.rating.serving.sources import Sources
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact, summed
from ratewright.values.units import currency_unit

_PAID_AT_ONCE = (LineKind.PURCHASE, LineKind.EXTENSION, LineKind.REFUND)
"""What was paid when it happened: no pool pays for it, a voucher least of all for itself."""


class Owed(Struct, frozen=True):
    """What is to be paid: of a line with its keys, or of a sum, named by `target`."""

    target: str
    period: Period
    keys: Mapping[str, tree.Value]
    number: int = 0
    line: Line | None = None


class Payments:
    """Draws money from pools for lines and sums, in the order that `deduct` states."""

    def __init__(self, plan: Plan, sources: Sources, ledger: Ledger) -> None:
        self._tariff = plan.tariff
        self._sources = sources
        self._ledger = ledger
        self.any = plan.features.pays
        """Whether pools of money pay for anything: then each bill depends on those before it."""

    def of_line(self, charge: tree.Charge, of: Fed, line: Line) -> list[Line]:
        """What is paid of a line, as lines that take it off again."""
        if charge.name not in self._tariff.deductions:
            return []
        keys = dict(zip(charge.by, of[2], strict=True))
        self._sources.meet(charge.name, keys)
        return self._paid(Owed(charge.name, of[1], keys, of[3], line), line.amount)

    def of_sum(self, target: str, period: Period, lines: Sequence[Line]) -> list[Line]:
        """What is paid of `subtotal` or `total`: of the lines so far, of a total as it is rounded."""
        if target not in self._tariff.deductions:
            return []
        owed = summed(line.amount for line in lines if line.kind is not LineKind.INCLUDED)
        if target == "total":
            owed = of_bill(self._tariff.rounding).of(owed)
        at_once = sum(line.amount for line in lines if line.kind in _PAID_AT_ONCE)
        return self._paid(Owed(target, period, {}), exact(owed - at_once))

    def _paid(self, owed: Owed, amount: Exact) -> list[Line]:
        if amount <= 0:
            return []
        drawn: dict[str, list[tuple[Lot, Exact]]] = defaultdict(list)
        for lot, part in self._sources.pay(owed.target, amount, owed.period, owed.keys):
            drawn[lot.pool.name].append((lot, part))
        lines = []
        for lots in drawn.values():
            line = self._line(lots[0][0].pool, owed, amount, lots)
            self._ledger.paid(owed.target, Entry(owed.period, owed.keys, exact(-line.amount), None, owed.number))
            amount = exact(amount + line.amount)
            lines.append(line)
        return lines

    def _line(self, pool: tree.Pool, owed: Owed, before: Exact, lots: list[tuple[Lot, Exact]]) -> Line:
        amount = summed(part for _, part in lots)
        why = owed.line.why if owed.line is not None else None
        return Line(
            LineKind.PAYMENT,
            pool.name,
            pool.title,
            amount,
            currency_unit(self._tariff.currency),
            exact(-amount),
            exact(-amount),
            owed.line.at if owed.line is not None else None,
            owed.line.period if owed.line is not None else owed.period,
            pool.span,
            pool.cite,
            trace.PaymentTrace(
                pool,
                owed.target,
                before,
                tuple((lot.id, part) for lot, part in lots),
                amount,
                tuple(lot.remaining for lot, _ in lots),
                why.record if isinstance(why, trace.ChargeTrace) else None,
            ),
            owed.line.key if owed.line is not None else (),
        )
