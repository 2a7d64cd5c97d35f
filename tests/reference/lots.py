"""Quotas: the lots of grants and packages, which of them covers what, and in which order they are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Purchase, Request, Told, written_figure
from tests.reference.clock import FIRST, LAST, Cadence, Span
from tests.reference.formulas import Place, Value, evaluate, figure, instant, length, truth
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import statement, statements, walk
from tests.reference.values import Figure, agree, multiply, plain, round_number

SOONEST_THEN_OLDEST = (("soonest", "expiry"), ("oldest", "purchase"))
CENT = Fraction(1, 100)


@dataclass
class Part:
    """What is held of a lot for a stretch of time: all of it, or a cycle of one that renews."""

    lot: Lot
    start: datetime
    end: datetime
    remaining: Fraction
    older: datetime = LAST  # what rolled over: out of the cycle that began then
    closed: bool = False  # what is left of it has rolled over, or is gone

    @property
    def began(self) -> datetime:
        """When the cycle began that it is, or is left of."""
        return min(self.start, self.older)

    def covers(self, at: datetime) -> bool:
        return self.start <= at < self.end and not self.lot.given_back


@dataclass
class Lot:
    """One lot: a purchase's, or a grant's."""

    pool: str
    id: str
    number: int
    bought: datetime
    start: datetime
    end: datetime
    size: Figure
    paid: Fraction = Fraction(0)
    list_price: Fraction = Fraction(0)
    scope: tuple[tuple[str, str], ...] = ()
    parts: list[Part] = field(default_factory=list)
    drawn: Fraction = Fraction(0)
    given_back: bool = False
    count: int = 1
    given_for_scope: bool = False

    @property
    def name(self) -> str:
        """What a bill calls it."""
        if self.count > 1:
            return f"{self.id}#{self.number}"
        return f"{self.id}[{', '.join(value for _, value in self.scope)}]" if self.given_for_scope else self.id


class Pools:
    """All lots of an account, up to a horizon."""

    def __init__(self, told: Told, horizon: datetime) -> None:
        self.told = told
        self.rules = told.rules
        self.horizon = horizon
        self.lots: list[Lot] = []
        self.granted: dict[str, int] = {}
        self.drawn_by_totals: list[tuple[Lot, Span]] = []
        for name, pool in self.rules.pools.items():
            if pool.word == "grant" and statement(pool, n.ScopeOf) is None:
                self._grant(name, pool, ())
        for purchase in told.account.purchases:
            self._bought(purchase)
        self.lots_of = {name: [lot for lot in self.lots if lot.pool == name] for name in self.rules.pools}

    # ------------------------------------------------------------ lots

    def _place(self, names: Mapping[str, Value], at: datetime, pool: n.Declaration) -> Place:
        def known(name: str) -> Value | None:
            return names[name] if name in names else self.told.known(name, at)

        return Place(self.rules, known, self.rules.defines_of(pool))

    def scoped(self, name: str, values: tuple[tuple[str, str], ...]) -> None:
        """The lot of a grant with a scope for a value that occurs."""
        if not any(lot.scope == values for lot in self.lots_of[name]):
            self._grant(name, self.rules.pools[name], values)
            self.lots_of[name] = [lot for lot in self.lots if lot.pool == name]

    def _grant(self, name: str, pool: n.Declaration, scope: tuple[tuple[str, str], ...]) -> None:
        began = self.told.account.activated
        if began is None and statement(pool, n.Issued):
            raise Refused("the account does not say when it began")
        began = began or FIRST
        start, end = self._validity(pool, {"activation": began}, began)
        size = statement(pool, n.Size)
        assert size is not None
        if size.amount is None:
            given = dict(self.told.account.sizes).get(name)
            if given is None:
                return
            amount = written_figure(given, self.rules)
        else:
            amount = figure(size.amount, self._place({}, start, pool))
        self._add(Lot(name, name, 1, began, start, end, amount, scope=scope, given_for_scope=bool(scope)), pool)

    def _bought(self, purchase: Purchase) -> None:
        pool = self.rules.pools.get(purchase.package)
        if pool is None or pool.word != "package":
            raise Refused(f"no package `{purchase.package}`")
        size = written_figure(purchase.size, self.rules)
        if size.dimension == ():
            raise NotCovered("a size without a unit")
        each = self._price(pool, size, purchase.at)
        total = each * purchase.count
        paid = total if purchase.paid is None else written_figure(purchase.paid, self.rules).number
        rounding = statement(self.rules.tariff, n.Rounding)
        start, end = self._validity(pool, {"purchase": purchase.at}, purchase.at)
        for number, share in enumerate(spread(rounded(paid, rounding), purchase.count, step_of(rounding)), 1):
            lot = Lot(
                purchase.package,
                purchase.id,
                number,
                purchase.at,
                start,
                end,
                size,
                share,
                each,
                purchase.scope,
                count=purchase.count,
            )
            self._add(lot, pool)

    def _price(self, pool: n.Declaration, size: Figure, at: datetime) -> Fraction:
        """The list's price of a size. Raises Refused where it is not sold."""
        place = self._place({}, at, pool)
        rows = statement(pool, n.Sizes)
        assert rows is not None
        bounds = [row for row in rows.rows if isinstance(row.size, n.Bound)]
        for row in rows.rows:
            if isinstance(row.size, n.Quantity):
                sold = figure(row.size, place)
                agree(sold, size)
                if sold.number == size.number:
                    if row.price is None:
                        raise Refused("not sold")
                    return figure(row.price, place).number
        from tests.reference.tables import upper

        before: Figure | None = None
        for row in bounds:
            assert isinstance(row.size, n.Bound)
            limit = upper(row.size, before, place)
            if (
                limit is None
                or size.number < limit.number
                or (row.size.kind != "below" and size.number == limit.number)
            ):
                if row.price is None:
                    raise Refused("not sold")
                price = multiply(figure(row.price, place), size)
                if price.dimension != self.rules.money:
                    raise Refused("a price by the unit")
                return price.number
            before = limit
        raise Refused("a size that is not in the list")

    def _validity(self, pool: n.Declaration, names: dict[str, Value], began: datetime) -> tuple[datetime, datetime]:
        place = self._place(names, began, pool)
        valid = statement(pool, n.Valid)
        if valid is None:
            return began, LAST
        start = began if valid.start is None else instant(valid.start, place)
        if valid.length is not None:
            if start == FIRST:
                raise Refused("the account does not say when it began")
            return start, self.rules.clock.add(start, length(valid.length, self.rules))
        assert valid.until is not None
        return start, instant(valid.until, place)

    def _add(self, lot: Lot, pool: n.Declaration) -> None:
        self.lots.append(lot)
        renews = statement(pool, n.Renews)
        if renews is None:
            lot.parts.append(Part(lot, lot.start, lot.end, lot.size.number))
            return
        place = self._place({"purchase": lot.bought, "activation": lot.bought}, lot.start, pool)
        cadence = cadence_of(renews.cadence, place)
        start = max(lot.start, datetime(2020, 1, 1))
        given = statement(pool, n.Size)
        each = given.amount if given else None
        for span in cadence.periods(self.rules.clock, start, min(lot.end, self.horizon + (self.horizon - start)), True):
            begins = max(span.start, lot.start)
            size = lot.size if each is None else figure(each, self._place({}, begins, pool))
            lot.parts.append(Part(lot, begins, min(span.end, lot.end), size.number))

    def roll_over(self, at: datetime) -> None:
        """Let what is left of each cycle that has ended by an instant stay as long, and as much, as its rule says."""
        for lot in self.lots:
            rolls = statement(self.rules.pools[lot.pool], n.Rolls)
            for part in list(lot.parts) if rolls else ():
                if rolls and part.end <= at and part.end < lot.end and part.older == LAST and not part.closed:
                    part.closed = True
                    self._roll_over(lot, part, rolls)

    def _roll_over(self, lot: Lot, part: Part, rolls: n.Rolls) -> None:
        left, end = part.remaining, lot.end
        if rolls.length is not None:
            end = min(end, self.rules.clock.add(part.end, length(rolls.length, self.rules)))
        if rolls.most is not None:
            before = sum(each.remaining for each in lot.parts if each.older != LAST and each.end > part.end)
            left = min(left, figure(rolls.most, self._place({}, part.end, self.rules.pools[lot.pool])).number - before)
        if left > 0 and not lot.given_back:
            part.remaining -= left
            lot.parts.append(Part(lot, part.end, end, left, older=part.start))

    # ------------------------------------------------------------ drawing

    def draw(
        self,
        ranks: list[list[str]],
        covered: str,
        rest: Figure,
        at: datetime,
        place: Place,
        marks: Mapping[str, Value],
        inside: Span | None = None,
        closes: datetime = LAST,
    ) -> tuple[Figure, list[tuple[Lot, Fraction]]]:
        """Serve a quantity from the ranks in their order. Returns what is left, and what each lot paid for.

        `inside`: the time of a total, whose usage before and after an edge of a lot is not known. `closes`: when the
        bill of the usage is closed; what is bought from then on comes too late.
        """
        paid: list[tuple[Lot, Fraction]] = []
        left = rest.number
        self.meet(ranks, marks)
        self.roll_over(at)
        for rank in ranks:
            if left > 0 and inside:
                self._same_throughout(rank, inside, place)
            for part in self._queue(rank, marks, place):
                if left <= 0:
                    break
                lot = part.lot
                if part.remaining <= 0 or lot.given_back or part.start >= part.end or lot.bought >= closes:
                    continue
                if inside and any(inside.start < edge < inside.end for edge in (part.start, part.end)):
                    raise Refused("a total that would draw from a lot that begins or ends inside it")
                if not part.covers(at):
                    continue
                if inside:
                    self._ratio_throughout(lot.pool, inside)
                    self.drawn_by_totals.append((lot, inside))
                ratio = self._ratio(lot.pool, covered, place, rest, lot.size)
                taken = min(left, part.remaining / ratio) if ratio else left
                part.remaining -= taken * ratio
                lot.drawn += taken * ratio
                left -= taken
                paid.append((lot, taken))
        return Figure(left, rest.dimension), paid

    def meet(self, ranks: list[list[str]], marks: Mapping[str, Value]) -> None:
        """Give the lots of grants with a scope for what usage or a line is marked with."""
        for pool in (pool for rank in ranks for pool in rank):
            scope = statement(self.rules.pools[pool], n.ScopeOf)
            if scope and self.rules.pools[pool].word == "grant":
                self.scoped(pool, tuple((each.text, str(marks[each.text])) for each in scope.names))

    def _same_throughout(self, rank: list[str], inside: Span, place: Place) -> None:
        """Refuses where the answer of a condition changes with a setting inside a stretch of time."""

        def holds(condition: n.Expression, at: datetime) -> bool:
            def names(name: str) -> Value | None:
                return self.told.setting(name, at) if name in self.rules.settings else place.names(name)

            return truth(condition, replace(place, names=names))

        instants = (inside.start, *self.told.changes_in(inside))
        for pool in rank:
            when = statement(self.rules.pools[pool], n.When)
            if when is not None and len({holds(when.condition, at) for at in instants}) > 1:
                raise Refused("a setting changes inside usage, and with it whether a quota pays")

    def _ratio_throughout(self, pool: str, inside: Span) -> None:
        for each in walk(statement(self.rules.pools[pool], n.Covers)):
            if isinstance(each, n.Ref) and each.name.text in self.rules.settings:
                self.told.setting_in(each.name.text, inside)

    def _ratio(self, pool: str, covered: str, place: Place, rest: Figure, size: Figure) -> Fraction:
        covers = statement(self.rules.pools[pool], n.Covers)
        assert covers is not None
        for each in covers.covered:
            if each.name.text == covered:
                ratio = plain(1) if each.ratio is None else figure(each.ratio, place)
                agree(multiply(rest, ratio), size)
                return ratio.number
        raise Refused(f"`{pool}` does not cover `{covered}`")

    def _queue(self, rank: list[str], marks: Mapping[str, Value], place: Place) -> list[Part]:
        parts = []
        for pool in rank:
            declaration = self.rules.pools[pool]
            when = statement(declaration, n.When)
            for lot in self.lots_of[pool]:
                if any(marks.get(name) != value for name, value in lot.scope):
                    continue
                if when is not None and not truth(when.condition, place):
                    continue
                parts += lot.parts
        draws = statement(self.rules.pools[rank[0]], n.Draws)
        rules = tuple(rule.words for rule in draws.rules) if draws else SOONEST_THEN_OLDEST
        return sorted(parts, key=lambda part: (*_order(rules, part), part.lot.id, part.lot.number, part.began))

    # ------------------------------------------------------------ refunds

    def give_back(self, request: Request) -> Iterable[tuple[Lot, Fraction, object]]:
        """The lots that are given back, the money for each, exact, and what lots have in common that are one line: the
        rule; of a formula the amount too."""
        lots = [lot for lot in self.lots if request.purchase in (lot.id, lot.name) and lot.bought <= request.at]
        if not lots:
            raise Refused(f"no purchase `{request.purchase}`")
        if any(drawn in lots and span.start < request.at < span.end for drawn, span in self.drawn_by_totals):
            raise Refused("a refund that is asked for inside a total: whether it was unused is not known")
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
        pool = self.rules.pools[lot.pool]
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
        }
        place = self._place(names, at, pool)
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


def spread(amount: Fraction, count: int, step: Fraction | None) -> list[Fraction]:
    """An amount over equal shares in whole steps, the first ones the larger; exact where there is no step.

    What is less than a step goes to the next share."""
    if step is None:
        return [amount / count] * count
    each = round_number(amount / count, step, "down")
    shares = [each] * count
    index = 0
    while (rest := amount - sum(shares)) > 0:
        shares[index] += min(step, rest)
        index += 1
    return shares


def step_of(rule: n.Rounding | None) -> Fraction | None:
    """The step of a rounding, whatever it rounds; None where it rounds nothing."""
    if rule is None:
        return CENT
    return None if rule.way is None else Fraction(rule.step.value) if rule.step else CENT


def rounded(exact: Fraction, rule: n.Rounding | None, own: bool = False) -> Fraction:
    """An amount of a line by a rounding rule; by half up to the cent where there is none."""
    if rule is None:
        return round_number(exact, CENT, "half up")
    if rule.way is None or (rule.per is not None and rule.per.text == "bill" and not own):
        return exact
    return round_number(exact, Fraction(rule.step.value) if rule.step else CENT, rule.way.value)


def cadence_of(node: n.Cadence, place: Place) -> Cadence:
    """How something repeats, with its day and its beginning worked out."""
    day = 1
    if isinstance(node.day, n.Name):
        value = place.name(node.day.text)
        assert isinstance(value, Figure)
        day = int(value.number)
    elif node.day is not None:
        day = int(node.day)
    anchor = None if node.start is None else evaluate(node.start, place)
    assert anchor is None or isinstance(anchor, datetime)
    return Cadence(node.unit.text.removesuffix("s"), int(node.count), day, anchor)


def _order(rules: tuple[tuple[str, str], ...], part: Part) -> tuple[object, ...]:
    falling = datetime.max
    keys: list[object] = []
    for first, second in rules:
        keys.append(
            {
                ("soonest", "expiry"): part.end,
                ("latest", "expiry"): falling - part.end,
                ("oldest", "purchase"): part.lot.bought,
                ("newest", "purchase"): falling - part.lot.bought,
                ("smallest", "remaining"): part.remaining,
                ("largest", "remaining"): -part.remaining,
                ("narrowest", "scope"): -len(part.lot.scope),
                ("widest", "scope"): len(part.lot.scope),
            }[first, second]
        )
    return tuple(keys)
