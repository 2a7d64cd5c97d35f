"""What was billed and paid so far: lines, sums, purchases, refunds, and what pools of money pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Purchase, Request, Told, written_figure
from tests.reference.amounts import Amounts, UnclearError, asked_by_list, billed, of_key
from tests.reference.clock import Span
from tests.reference.counted import Key
from tests.reference.drawing import Drawing
from tests.reference.entries import Entries
from tests.reference.formulas import Place, Value
from tests.reference.limits import Extended
from tests.reference.lines import TICK, Asked, Line, LineRules
from tests.reference.lots import Lot
from tests.reference.problems import Refused
from tests.reference.refunds import Refunds
from tests.reference.rounding import rounded
from tests.reference.rules import statement
from tests.reference.values import Figure


@dataclass(frozen=True)
class Payment:
    """What a pool paid of a line or a sum, at the end of its period."""

    pool: str
    pays: str
    key: Key
    end: datetime
    amount: Fraction


class Ledger:
    """The money of one account."""

    def __init__(
        self, told: Told, lines: dict[str, LineRules], drawing: Drawing, extended: Sequence[Extended] = ()
    ) -> None:
        self.told = told
        self.rules = told.rules
        self.lines = lines
        self.drawing = drawing
        self.pools = drawing.pools
        self.refunds = Refunds(drawing)
        self.billed = Entries[Line](lambda line: line.source, lambda line: line.span.end)
        self.given_back: list[Line] = []
        self.extended = [self._extension(each) for each in extended]
        self.by_list_alone = Entries[Line](lambda line: line.source, lambda line: line.span.end)  # and not billed
        self.own = Amounts(self, billed)
        self.listed = Amounts(self, asked_by_list)
        self.payments = Entries[Payment](lambda payment: payment.pays, lambda payment: payment.end)

    def money(self, amount: Fraction) -> Figure:
        return Figure(amount, self.rules.money)

    def _rounded(self, exact: Fraction) -> Fraction:
        return rounded(exact, statement(self.rules.tariff, n.Rounding), self.rules)

    # ------------------------------------------------------------ what was billed

    def everything(self) -> Iterator[Line]:
        """The lines, and those that the list alone would have."""
        yield from self.billed
        yield from self.by_list_alone

    def paid_of(self, line: Line) -> Fraction:
        """What pools paid of one line."""
        found = self.payments.of(line.source, line.span.end - TICK, line.span.end)
        return sum((each.amount for each in found if each.key == line.key), Fraction(0))

    def spread(self, line: LineRules, discount: Line) -> None:
        """Spread a discount over what it is on, by what was billed and by what the list alone asks."""
        self.own.spread(line, discount)
        if self.rules.contracts and discount.listed is not None:
            with suppress(UnclearError):
                self.listed.spread(line, discount)

    def paid(self, pays: str, span: Span, key: Key = ()) -> Fraction:
        found = self.payments.of(pays, span.start, span.end)
        return sum((each.amount for each in found if of_key(each.key, key)), Fraction(0))

    def keys(self, names: Iterable[str], by: tuple[str, ...], span: Span) -> list[Key]:
        """What lines are kept apart by that ended in a period, as far as it goes by some names."""
        found = {
            tuple((name, dict(each.key)[name]) for name in by)
            for line in names
            for each in self.billed.of(line, span.start, span.end)
        }
        return sorted(found)

    def sums(self, month: Span) -> tuple[Fraction, Fraction, Fraction]:
        """Charges, subtotal and total of a month."""
        of = {kind: Fraction(0) for kind in ("charge", "discount", "tax")}
        for line in self.billed:
            if line.kind in of and month.start < line.span.end <= month.end:
                of[line.kind] += line.amount
        for payment in self.payments:
            if payment.pays in self.lines and month.start < payment.end <= month.end:
                of[self.lines[payment.pays].kind] -= payment.amount
        charges = of["charge"] + self.bought(month)
        subtotal = charges + of["discount"]
        total = subtotal - self.paid("subtotal", month) + of["tax"]
        rule = statement(self.rules.tariff, n.Rounding)
        if rule is not None and rule.per is not None and rule.per.text == "bill":
            total = rounded(total, rule, self.rules, own=True)
        return charges, subtotal, total

    def price(
        self, line: LineRules, asked: Asked, names: Callable[..., Value | None], idle: Span | None = None
    ) -> Line | None:
        """A line, if it comes to one. `idle`: the period of a line for which nothing was used."""
        asked = replace(asked, of_longer=self.own.of_longer(line, asked.span.start, asked.key, asked.span))
        found = self.priced(line.in_force(asked.span.start), asked, names, idle)
        if found is None:
            return None
        exact, amount = found
        return Line(line.kind, line.name, asked.span, asked.key, asked.quantity, exact, amount, amount)

    def priced(
        self, line: LineRules, asked: Asked, names: Callable[..., Value | None], idle: Span | None = None
    ) -> tuple[Fraction, Fraction] | None:
        """The exact and the rounded amount of a line, below 0 where it takes off."""
        try:
            found = line.amount(asked, names)
        except Refused:
            if idle is None:
                raise
            found = self._idle(line, asked, names, idle)
        if found is None or line.kind != "discount":
            return found
        exact, amount = found
        if asked.quantity is not None and amount > asked.quantity.number and amount > 0:
            raise Refused("a discount that comes to more than it is on")
        if exact < min(asked.quantity.number if asked.quantity is not None else Fraction(0), Fraction(0)):
            raise Refused("a discount that adds to the bill")
        return -exact, -amount

    def _idle(
        self, line: LineRules, asked: Asked, names: Callable[..., Value | None], span: Span
    ) -> tuple[Fraction, Fraction] | None:
        """Where nothing was used a setting may change inside a period if that changes nothing."""
        instants = [span.start, *self.told.changes_in(span)]
        found = [line.amount(asked, lambda name, at=at: names(name, at)) for at in instants]
        if all(each == found[0] for each in found):
            return found[0]
        if any(each is not None and each[0] for each in found):
            raise Refused("a setting changes inside a period")
        return None

    # ------------------------------------------------------------ purchases and refunds

    def bought(self, span: Span) -> Fraction:
        """What was bought and given back in a period."""
        return sum((line.amount for line in self.at_once(span)), Fraction(0))

    def at_once(self, span: Span) -> list[Line]:
        """The lines of what was bought, extended and given back in a period: they were paid when it happened."""
        bought = [self._purchase(each) for each in self.told.account.purchases if span.start <= each.at < span.end]
        return bought + [
            each for each in (*self.extended, *self.given_back) if span.start <= each.span.start < span.end
        ]

    def _purchase(self, purchase: Purchase) -> Line:
        lots = [lot for lot in self.pools.lots if lot.pool == purchase.package and lot.id == purchase.id]
        exact = lots[0].list_price * len(lots)
        if purchase.paid is not None:
            exact = written_figure(purchase.paid, self.rules).number
        size = Figure(lots[0].size.number * len(lots), lots[0].size.dimension)
        span = Span(purchase.at, purchase.at)
        amount = self._rounded(exact)
        listed = amount if purchase.paid is not None else self._listed(purchase)
        return Line("purchase", purchase.package, span, (), size, exact, amount, listed)

    def _listed(self, purchase: Purchase) -> Fraction | None:
        """What the list alone asks for a purchase."""
        each = self.pools.listed(purchase)
        return None if each is None else self._rounded(each * purchase.count)

    def _extension(self, each: Extended) -> Line:
        span = Span(each.span.start, each.span.start)
        amount = self._rounded(each.price)
        return Line("extension", each.limit, span, (), each.by, each.price, amount, amount)

    def refund(self, request: Request) -> None:
        """Lots that give back the same are one line."""
        lines: dict[object, list[tuple[Lot, Fraction]]] = defaultdict(list)
        for lot, amount, line in self.refunds.give_back(request):
            lines[line].append((lot, amount))
        for given in lines.values():
            lots = [lot for lot, _ in given]
            size = Figure(lots[0].size.number * len(lots), lots[0].size.dimension)
            whole = sum((amount for _, amount in given), Fraction(0))
            span = Span(request.at, request.at)
            amount = -self._rounded(whole)
            self.given_back.append(Line("refund", lots[0].pool, span, (), size, -whole, amount, amount))

    # ------------------------------------------------------------ pools of money

    def pay_lines(self, name: str, end: datetime) -> None:
        """From the quotas of a line, for what of it ended just now."""
        if self.rules.at(end - TICK).chain(name):
            for line in self.billed.of(name, end - TICK, end):
                self._pay(name, line.key, line.amount, end)

    def pay_sum(self, total: str, month: Span) -> None:
        """From the quotas of the subtotal or the total: not for what was bought, nor from what was given back."""
        if self.rules.at(month.end - TICK).chain(total):
            _, subtotal, amount = self.sums(month)
            self._pay(total, (), (amount if total == "total" else subtotal) - self.bought(month), month.end)

    def _pay(self, pays: str, key: Key, amount: Fraction, end: datetime) -> None:
        marks: dict[str, Value] = dict(key)
        chain = self.rules.at(end - TICK).chain(pays)
        self.drawing.meet(chain, marks)
        if amount <= 0:
            return

        def names(name: str) -> Value | None:
            return marks[name] if name in marks else self.told.known(name, end - TICK)

        place = Place(self.rules, names)
        _, paid = self.drawing.draw(chain, pays, self.money(amount), end - TICK, place, marks, closes=end)
        by_pool: dict[str, Fraction] = defaultdict(Fraction)
        for lot, part in paid:
            by_pool[lot.pool] += part
        for pool, part in by_pool.items():
            self.payments.add(Payment(pool, pays, key, end, part))
