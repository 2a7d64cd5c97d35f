"""Refunds: which rule decides on a lot that shall be given back, and what it gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Request
from tests.reference.clock import FIRST
from tests.reference.drawing import Drawing
from tests.reference.formulas import Value, figure, length, truth
from tests.reference.lots import Lot
from tests.reference.problems import Refused
from tests.reference.rules import statements, walk
from tests.reference.values import Figure, agree, plain


class Refunds:
    """The requests of an account. `granted`: how many of them were, by package."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.pools = drawing.pools
        self.rules = drawing.rules
        self.granted: dict[str, int] = {}

    def lots(self, request: Request) -> list[Lot]:
        """The lots of which a request speaks. Raises Refused where it speaks of none, or it is not known when they were
        bought."""
        lots = [lot for lot in self.pools.lots if request.purchase in (lot.id, lot.name) and lot.bought <= request.at]
        if not lots:
            raise Refused(f"no purchase `{request.purchase}`")
        if any(not self.pools.is_there(lot.pool, request.at) for lot in lots):
            raise Refused("a refund of what is no longer there")
        if any(lot.bought == FIRST for lot in lots):
            raise Refused("a balance does not say when it was bought")
        return lots

    def give_back(self, request: Request) -> Iterable[tuple[Lot, Fraction, object]]:
        """The lots that are given back, the money for each, exact, and what lots have in common that are one line: the
        rule; of a formula the amount too."""
        lots = self.lots(request)
        if any(drawn in lots and span.start < request.at < span.end for drawn, span in self.drawing.by_totals):
            raise Refused("a refund that is asked for inside a total: whether it was unused is not known")
        rules = statements(self.rules.at(request.at).pools[lots[0].pool], n.Refund)
        if any(not lot.paid_known for lot in lots) and any(map(_goes_by_paid, rules)):
            raise Refused("a balance does not say what was paid")
        before = self.granted.get(lots[0].pool, 0)
        granted = []
        for lot in lots:
            found = None if lot.given_back else self._refund(lot, request.at, before)
            if found is not None:
                lot.given_back = True
                number, amount = found
                formula = statements(self.rules.pools[lot.pool], n.Refund)[number].form != "full"
                granted.append((lot, amount, (number, amount if formula else None)))
        if granted:
            self.granted[lots[0].pool] = before + 1
        return granted

    def _refund(self, lot: Lot, at: datetime, before: int) -> tuple[int, Fraction] | None:
        """The number of the first rule that fits, and what it gives; None where none does, or it gives nothing."""
        pool = self.rules.at(at).pools[lot.pool]
        money = self.rules.money
        names: dict[str, Value] = {
            "paid": Figure(lot.paid, money),
            "list_price": Figure(lot.list_price, money),
            "purchase": lot.bought,
            "request": at,
            "expiry": lot.end,
            "size": lot.size,
            "drawn": Figure(lot.drawn, lot.size.dimension),
            "unused": lot.drawn == 0,
            "refunds_before": plain(before),
            "refunds_before(account)": plain(sum(self.granted.values())),
        }
        place = self.pools.place(names, at, pool)
        for number, rule in enumerate(statements(pool, n.Refund)):
            if rule.within is not None:
                last = self.rules.clock.add(lot.bought, length(rule.within, self.rules))
                if at > last:
                    continue
            if rule.condition is not None and not truth(rule.condition, place):
                continue
            if rule.form == "never":
                return None
            if rule.form == "full":
                return number, lot.paid
            assert rule.formula is not None
            amount = figure(rule.formula, place)
            agree(amount, Figure(Fraction(0), money))
            return number, amount.number
        return None


def _goes_by_paid(rule: n.Refund) -> bool:
    """Whether a rule asks what was paid."""
    return rule.form == "full" or any(isinstance(each, n.Ref) and each.name.text == "paid" for each in walk(rule))
