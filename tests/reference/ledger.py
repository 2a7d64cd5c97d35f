"""What was billed and paid so far: lines, sums, purchases, refunds, and what pools of money pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Purchase, Request, Told, written_figure
from tests.reference.clock import Span
from tests.reference.counted import Key
from tests.reference.drawing import Drawing
from tests.reference.entries import Entries
from tests.reference.formulas import Place, Value
from tests.reference.limits import Extended
from tests.reference.lines import SUMS, TAXES, TICK, Asked, Line, LineRules
from tests.reference.lots import Lot
from tests.reference.order import members, named
from tests.reference.problems import Refused
from tests.reference.refunds import Refunds
from tests.reference.rounding import rounded
from tests.reference.rules import statement
from tests.reference.spreading import Part, Spreading
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
        self.spreading = Spreading(lines, self.rules.smallest)
        self.payments = Entries[Payment](lambda payment: payment.pays, lambda payment: payment.end)

    def money(self, amount: Fraction) -> Figure:
        return Figure(amount, self.rules.money)

    def _rounded(self, exact: Fraction) -> Fraction:
        return rounded(exact, statement(self.rules.tariff, n.Rounding), self.rules)

    # ------------------------------------------------------------ what was billed

    def amount_of(self, name: str, span: Span, asking: LineRules, key: Key = ()) -> Fraction:
        """What was billed of a line in a period: what ended in it. What is taken off counts as it is called."""
        sign = -1 if self.lines[name].kind == "discount" else 1
        found = self.billed.of(name, span.start, span.end)
        return sum((sign * each.amount for each in found if _of_key(each.key, key)), Fraction(0))

    def left_of(self, name: str, span: Span, asking: LineRules, key: Key = ()) -> Fraction:
        """What its quotas left of a line or of the subtotal."""
        whole = self.sum_of(name, span, asking) if name == "subtotal" else self.amount_of(name, span, asking, key)
        taxed = asking.kind in TAXES and name != "subtotal"
        share = self.spreading.share_of(name, span.start, span.end, key) if taxed else 0
        return whole - self.paid(name, span, key) - share

    def spread(self, line: LineRules, discount: Line) -> None:
        """Spread a discount over what it is on."""
        if line.on is None or not self.spreading.is_spread(line):
            return
        span, parts = discount.span, []
        for name in named(self.lines, line, line.on):
            if self.lines[name].kind == "charge":
                for each in self.billed.of(name, span.start, span.end):
                    if _of_key(each.key, discount.key):
                        paid = sum(
                            (p.amount for p in self.payments.of(name, span.start, span.end)
                             if (p.end, p.key) == (each.span.end, each.key)), Fraction(0)
                        )  # fmt: skip
                        parts.append(Part((name, each.key, each.span), each.amount - paid))
        if set(line.names_in(line.on)) & set(SUMS):
            parts += [Part((each.source, (), each.span), each.amount) for each in self.at_once(span)]
        self.spreading.spread(discount, parts)

    def sum_of(self, total: str, span: Span, asking: LineRules) -> Fraction:
        """A sum as a line sees it."""
        amount = self.bought(span)
        for name in members(self.lines, total, asking):
            if name != asking.name:
                sign = -1 if self.lines[name].kind == "discount" else 1
                amount += sign * self.amount_of(name, span, asking) - self.paid(name, span)
        return amount - self.paid("subtotal", span) if total == "total" else amount

    def paid(self, pays: str, span: Span, key: Key = ()) -> Fraction:
        found = self.payments.of(pays, span.start, span.end)
        return sum((each.amount for each in found if _of_key(each.key, key)), Fraction(0))

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
        asked = replace(asked, of_longer=self._of_longer(line, asked))
        try:
            found = line.in_force(asked.span.start).amount(asked, names)
        except Refused:
            if idle is None:
                raise
            found = self._idle(line, asked, names, idle)
        if found is None:
            return None
        exact, amount = found
        if line.kind == "discount":
            if asked.quantity is not None and amount > asked.quantity.number and amount > 0:
                raise Refused("a discount that comes to more than it is on")
            if exact < min(asked.quantity.number if asked.quantity is not None else Fraction(0), Fraction(0)):
                raise Refused("a discount that adds to the bill")
            exact, amount = -exact, -amount
        return Line(line.kind, line.name, asked.span, asked.key, asked.quantity, exact, amount)

    def _of_longer(self, line: LineRules, asked: Asked) -> Fraction:
        """What was billed of a line for its other periods that begin in the one of its maximum."""
        if line.maximum is None or line.maximum.period is None:
            return Fraction(0)
        whole = self.rules.clock.around(line.maximum.period.unit.text, asked.span.start)
        longer = next(part for part in self.rules.cut([whole]) if part.start <= asked.span.start < part.end)
        sign = -1 if line.kind == "discount" else 1
        return sum(
            (
                sign * each.amount
                for each in self.billed
                if each.source == line.name
                and each.key == asked.key
                and longer.start <= each.span.start < longer.end
                and not (line.billed is not None and asked.span.start <= each.span.start < asked.span.end)
            ),
            Fraction(0),
        )

    def _idle(
        self, line: LineRules, asked: Asked, names: Callable[..., Value | None], span: Span
    ) -> tuple[Fraction, Fraction] | None:
        """Where nothing was used a setting may change inside a period if that changes nothing."""
        instants = [span.start, *self.told.changes_in(span)]
        found = [line.in_force(asked.span.start).amount(asked, lambda name, at=at: names(name, at)) for at in instants]
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
        return Line("purchase", purchase.package, span, (), size, exact, self._rounded(exact))

    def _extension(self, each: Extended) -> Line:
        span = Span(each.span.start, each.span.start)
        return Line("extension", each.limit, span, (), each.by, each.price, self._rounded(each.price))

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
            self.given_back.append(Line("refund", lots[0].pool, span, (), size, -whole, -self._rounded(whole)))

    # ------------------------------------------------------------ pools of money

    def pay_lines(self, name: str, end: datetime) -> None:
        """From the quotas of a line, for what of it ended just now."""
        if self.rules.chain(name):
            for line in self.billed.of(name, end - TICK, end):
                self._pay(name, line.key, line.amount, end)

    def pay_sum(self, total: str, month: Span) -> None:
        """From the quotas of the subtotal or the total: not for what was bought, nor from what was given back."""
        if self.rules.chain(total):
            _, subtotal, amount = self.sums(month)
            self._pay(total, (), (amount if total == "total" else subtotal) - self.bought(month), month.end)

    def _pay(self, pays: str, key: Key, amount: Fraction, end: datetime) -> None:
        marks: dict[str, Value] = dict(key)
        self.drawing.meet(self.rules.chain(pays), marks)
        if amount <= 0:
            return

        def names(name: str) -> Value | None:
            return marks[name] if name in marks else self.told.known(name, end - TICK)

        place = Place(self.rules, names)
        _, paid = self.drawing.draw(
            self.rules.chain(pays), pays, self.money(amount), end - TICK, place, marks, closes=end
        )
        by_pool: dict[str, Fraction] = defaultdict(Fraction)
        for lot, part in paid:
            by_pool[lot.pool] += part
        for pool, part in by_pool.items():
            self.payments.add(Payment(pool, pays, key, end, part))


def _of_key(own: Key, asked: Key) -> bool:
    """Whether a key is the same as another as far as both go."""
    return all(dict(own).get(name, value) == value for name, value in asked)
