"""The pools of an account, and their lots: when each is held, what it holds, what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Balance, Purchase, Told, written_figure
from tests.reference.clock import FIRST, LAST, Length, Span
from tests.reference.formulas import Place, Value, cadence_of, figure, instant, length
from tests.reference.held import Held
from tests.reference.in_force import holds_within
from tests.reference.lines import TICK
from tests.reference.lots import Lot, Part
from tests.reference.measures import Measuring
from tests.reference.problems import NotCovered, Refused
from tests.reference.rounding import rounded, spread, step_of
from tests.reference.rules import Rules, statement, walk
from tests.reference.tables import upper
from tests.reference.values import NOTHING, Figure, agree, multiply


class Pools:
    """All lots of an account, up to a horizon."""

    def __init__(self, told: Told, horizon: datetime, measuring: Mapping[str, Measuring]) -> None:
        self.told = told
        self.measuring = measuring
        self.rules = told.rules
        self.horizon = horizon
        self.lots: list[Lot] = []
        sized = {name for name, _ in told.account.sizes}
        for start, version in zip((FIRST, *self.rules.changes), self.rules.stretches(), strict=True):
            billed = start < horizon and version.change > (told.account.activated or FIRST)
            if billed and not sized <= set(version.pools) - version.absent:
                raise Refused("the size of a grant that is not in the list")
        self.held = Held(told)
        for name, pool in self.rules.pools.items():
            for scope in [()] if statement(pool, n.ScopeOf) is None else self.held.scopes(name):
                if pool.word == "grant":
                    self._grant(name, pool, scope)
        for balance in self.held.packages():
            self._held(balance)
        for purchase in told.account.purchases:
            self._bought(purchase)
        self.lots_of = {name: [lot for lot in self.lots if lot.pool == name] for name in self.rules.pools}

    def place(self, names: Mapping[str, Value], at: datetime, pool: n.Declaration, rules: Rules | None = None) -> Place:
        def known(name: str) -> Value | None:
            return names[name] if name in names else self.told.known(name, at)

        rules = rules or self.rules.at(at)
        return Place(rules, known, rules.defines_of(pool))

    def scoped(self, name: str, values: tuple[tuple[str, str], ...]) -> None:
        """The lot of a grant with a scope for a value that occurs."""
        if self.rules.changes:
            raise NotCovered("for which values a grant is given from a change of the list on")
        if not any(lot.scope == values for lot in self.lots_of[name]):
            self._grant(name, self.rules.pools[name], values)
            self.lots_of[name] = [lot for lot in self.lots if lot.pool == name]

    def _grant(self, name: str, pool: n.Declaration, scope: tuple[tuple[str, str], ...]) -> None:
        began = self.told.account.activated
        if began is None and statement(pool, n.Issued):
            raise Refused("the account does not say when it began")
        began = began or FIRST
        start, end = self._validity(pool, {"activation": began}, began)
        told = self.held.of_grant(name, scope)
        settled = self.held.opening if told is not None or not scope else None
        if told is not None and not statement(pool, n.Renews):
            size = self.held.size(told)
            lot = Lot(name, name, 1, began, start, told.expires or end, size, scope=scope, given_for_scope=bool(scope))
            self._add(lot, pool, told)
            return
        if not statement(pool, n.Renews) and not self.is_there(name, start):
            return
        used_up = settled is not None and start < settled and holds_within(self.told, pool, Span(start, settled))
        if used_up and not statement(pool, n.Renews):
            return
        size = statement(self.rules.at(start).pools[name], n.Size)
        assert size is not None
        if not statement(pool, n.Renews) and not holds_within(self.told, pool, Span(start, end)):
            return
        if size.amount is None:
            given = dict(self.told.account.sizes).get(name)
            if given is None and told is None:
                return
            amount = self.held.size(told) if given is None and told else written_figure(given or "0", self.rules)
        elif statement(pool, n.Renews):
            amount = NOTHING  # asked for each cycle that is given
        else:
            amount = figure(size.amount, self.place({}, start, pool))
        lot = Lot(name, name, 1, began, start, end, amount, scope=scope, given_for_scope=bool(scope))
        self._add(lot, pool, told, settled)

    def _held(self, told: Balance) -> None:
        """The lot of a package that was bought before the opening."""
        pool = self.rules.pools.get(told.source)
        if pool is None or pool.word != "package":
            raise Refused(f"no package `{told.source}`")
        bought, size = told.purchased or FIRST, self.held.size(told)
        renews, valid = statement(pool, n.Renews) is not None, statement(pool, n.Valid)
        if told.purchased is None and told.expires is None and valid is not None and valid.length is not None:
            named = walk(valid.start) if valid.start is not None else ()
            if valid.start is None or any(isinstance(each, n.Ref) and each.name.text == "purchase" for each in named):
                raise Refused("a balance that does not say how long it is valid")
        if told.expires is not None and not renews:
            end = told.expires
        else:
            start, end = self._validity(pool, {"purchase": bought}, bought)
        if not renews:
            start = told.starts or told.purchased or FIRST
        paid = None if told.paid is None else written_figure(told.paid, self.rules).number
        if told.list_price is not None:
            listed = written_figure(told.list_price, self.rules).number
        else:
            try:
                listed = self._price(self.rules.at(self.held.opening or FIRST), told.source, size, bought)
            except Refused:
                listed = paid or Fraction(0)
        lot = Lot(told.source, told.lot or "", 1, bought, start, end, size, paid or Fraction(0), listed, told.scope)
        lot.paid_known = paid is not None
        lot.drawn = size.number - self.held.remaining(told) - self.held.withdrawn(told)
        if told.drawn is not None:
            lot.drawn += written_figure(told.drawn, self.rules).number
        self._add(lot, pool, told, self.held.opening)

    def _bought(self, purchase: Purchase) -> None:
        pool = self.rules.pools.get(purchase.package)
        if pool is None or pool.word != "package" or not self.is_there(purchase.package, purchase.at):
            raise Refused(f"no package `{purchase.package}`")
        size = self.size(purchase)
        if size.dimension == ():
            raise NotCovered("a size without a unit")
        each = self._price(self.rules.at(purchase.at), purchase.package, size, purchase.at)
        total = each * purchase.count
        paid = total if purchase.paid is None else written_figure(purchase.paid, self.rules).number
        rounding = statement(self.rules.tariff, n.Rounding)
        start, end = self._validity(pool, {"purchase": purchase.at}, purchase.at)
        shares = spread(rounded(paid, rounding, self.rules), purchase.count, step_of(rounding, self.rules))
        for number, share in enumerate(shares, 1):
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

    def listed(self, purchase: Purchase) -> Fraction | None:
        """What the list alone, without contracts, asks for one lot of a purchase; None where it sells none."""
        rules = self.rules.at(purchase.at)
        try:
            return self._price(rules.listed or rules, purchase.package, self.size(purchase), purchase.at)
        except (Refused, KeyError):
            return None

    def size(self, purchase: Purchase) -> Figure:
        return written_figure(purchase.size, self.rules)

    def _price(self, rules: Rules, name: str, size: Figure, at: datetime) -> Fraction:
        """The price of a size by some rules. Raises Refused where it is not sold."""
        pool = rules.pools[name]
        place = self.place({}, at, pool, rules)
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
        place = self.place(names, began, pool)
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

    def _add(self, lot: Lot, pool: n.Declaration, told: Balance | None = None, settled: datetime | None = None) -> None:
        """A lot with its parts: as a balance tells of it; where an opening has `settled` what was left of cycles, with
        none that began before it but the one that is told."""
        self.lots.append(lot)
        renews = statement(pool, n.Renews)
        if renews is None:
            lot.parts.append(Part(lot, lot.start, lot.end, lot.size.number))
            if told is not None:
                self.held.open(lot.parts[-1], told)
            return
        place = self.place({"purchase": lot.bought, "activation": lot.bought}, lot.start, pool)
        cadence = cadence_of(renews.cadence, place)
        start = max(lot.start, datetime(2020, 1, 1))
        given = statement(pool, n.Size)
        each = given.amount if given else None
        for span in cadence.periods(self.rules.clock, start, min(lot.end, self.horizon + (self.horizon - start)), True):
            begins = max(span.start, lot.start)
            ends = min(span.end, lot.end)
            tells = told is not None and self.held.opening is not None and begins <= self.held.opening < ends
            if pool.word == "grant" and not tells and not holds_within(self.told, pool, Span(begins, ends)):
                continue
            if not self.is_there(lot.pool, begins):
                continue
            if settled is not None and begins < settled and not tells:
                continue
            filled = self._filled(each, Span(begins, ends)) if each is not None else {}
            if filled and lot.scope:
                raise NotCovered("a lot for some usage, filled by what is measured")
            lot.filled = bool(filled)
            version = statement(self.rules.at(begins).pools[lot.pool], n.Size)
            amount = version.amount if version else None
            size = lot.size if amount is None else figure(amount, self.place(filled, begins, pool))
            lot.size = size
            share = self._share(span, begins, ends) if statement(pool, n.ByDay) and not filled else Fraction(1)
            lot.parts.append(Part(lot, begins, ends, size.number * share))
            if told is not None and tells:
                self.held.open(lot.parts[-1], told)
        if told is not None and not any(part.told for part in lot.parts):
            raise Refused("a balance of a time at which nothing of it is held")

    def _filled(self, size: n.Expression, cycle: Span) -> dict[str, Value]:
        """What the meters that a size names measure in a cycle."""
        names = {each.name.text for each in walk(size) if isinstance(each, n.Ref)}
        return {name: self.measuring[name].in_period(cycle) for name in names if name in self.measuring}

    def _share(self, span: Span, begins: datetime, ends: datetime) -> Fraction:
        """Of the days of a cycle those of which the last instant lies in it."""
        lasts, day = [], span.start
        while day < span.end:
            day = min(self.rules.clock.add(span.start, Length(days=len(lasts) + 1)), span.end)
            lasts.append(day - TICK)
        return Fraction(sum(begins <= last < ends for last in lasts), len(lasts))

    def is_there(self, name: str, at: datetime) -> bool:
        """Whether contracts leave a quota there at an instant."""
        return name not in self.rules.at(at).absent

    def refuse_what_is_gone(self, change: datetime) -> None:
        """Refuses what is left, or owed, of quotas that are no longer there from a change on."""
        self.roll_over(change)
        for lot in self.lots:
            if self.is_there(lot.pool, change) or not self.is_there(lot.pool, change - TICK) or lot.given_back:
                continue
            if any(part.remaining and (part.covers(change) or (part.end == change and part.remaining < 0))
                   for part in lot.parts):  # fmt: skip
                raise Refused("what is left of a quota that is no longer there")

    def edges(self, part: Part) -> tuple[datetime, ...]:
        """Where a part begins and ends, and what may roll over out of it."""
        rolls = statement(self.rules.pools[part.lot.pool], n.Rolls)
        return (
            part.start,
            part.end,
            *(() if rolls is None or part.older != LAST else (self._rolled_until(part, rolls),)),
        )

    def roll_over(self, at: datetime) -> None:
        """Let what is left of each cycle that has ended by an instant stay as long, and as much, as its rule says."""
        for lot in self.lots:
            rolls = statement(self.rules.at(at - TICK).pools[lot.pool], n.Rolls)
            overdraws = statement(self.rules.pools[lot.pool], n.Overdraws)
            for part in list(lot.parts) if rolls or overdraws else ():
                if part.end <= at and part.end < lot.end and part.older == LAST and not part.closed:
                    part.closed = True
                    if part.remaining < 0:
                        after = next(other for other in lot.parts if other.start == part.end and other.older == LAST)
                        after.remaining += part.remaining
                        part.remaining = Fraction(0)
                    elif rolls:
                        own = statement(self.rules.at(part.end - TICK).pools[lot.pool], n.Rolls)
                        self._roll_over(lot, part, own or rolls)

    def _rolled_until(self, part: Part, rolls: n.Rolls) -> datetime:
        end = part.lot.end
        if rolls.until is not None:
            end = min(end, self.rules.clock.around(rolls.until.text, part.end - TICK).end)
        if rolls.length is not None:
            end = min(end, self.rules.clock.add(part.end, length(rolls.length, self.rules)))
        return end

    def _roll_over(self, lot: Lot, part: Part, rolls: n.Rolls) -> None:
        left, end = part.remaining, self._rolled_until(part, rolls)
        if rolls.most is not None:
            before = sum(each.remaining for each in lot.parts if each.older != LAST and each.end > part.end)
            left = min(left, figure(rolls.most, self.place({}, part.end, self.rules.pools[lot.pool])).number - before)
        if left > 0 and end > part.end and not lot.given_back:
            part.remaining -= left
            lot.parts.append(Part(lot, part.end, end, left, older=part.start))
