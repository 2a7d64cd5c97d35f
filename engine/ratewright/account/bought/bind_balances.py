"""Opening balances → what is left of lots that were given or bought before."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from whenever import Instant

from ratewright.account.binder import Binder
from ratewright.account.bought.asked_back import asks_what_was_paid
from ratewright.account.bought.issuing import Issuer, Validity
from ratewright.account.bought.lot_attributes import bind_attributes
from ratewright.meaning import nodes as tree
from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.holdings import Holdings
from ratewright.quota.lots import Attributes, Lot
from ratewright.refusal import RatingError
from ratewright.usage.model import Amount, Balance
from ratewright.values.calendar import Moment
from ratewright.values.exact import Exact, exact
from ratewright.values.lot_names import LotName, parse, parse_whole
from ratewright.values.units import Unit, currency_unit, quantity_text


class Held:
    """What the balances tell of the lots of an account. `pools` are those of which they tell anything."""

    def __init__(self, binder: Binder, issuer: Issuer, holdings: Holdings) -> None:
        self.holdings = holdings
        self.pools: set[str] = set()
        self._binder = binder
        self._issuer = issuer
        self._allotments: dict[str, Allotments] = {}
        self._known = {one.id: one for one in holdings.every()}
        self._seen: set[str] = set()

    def allotments(self, pool: tree.Pool) -> Allotments:
        """The lots of a grant with a scope."""
        found = self._allotments.get(pool.name)
        if found is None:
            found = self._allotments[pool.name] = Allotments(pool, partial(self._issuer.grant, pool))
            self.holdings.allotments.append(found)
        return found

    def bind(self, balance: Balance, number: int) -> None:
        """Take up one balance, the `number`-th; problems are reported."""
        binder = self._binder
        pool = binder.tariff.pools.get(balance.source)
        if pool is None:
            binder.known("grant or package", balance.source, binder.tariff.pools, balance.place, "A107")
            return
        self.pools.add(pool.name)
        attributes = bind_attributes(pool, balance.attributes, balance.place, binder)
        remaining = self._figure(balance, balance.remaining, "the balance", pool.unit)
        if attributes is None or remaining is None:
            return
        if pool.kind is tree.PoolKind.GRANT and len(attributes) < len(pool.scope):
            missing = next(s.name for s in pool.scope if s.name not in dict(attributes))
            binder.problems.add(
                "A107",
                f"the balance does not say for which `{missing}` it is",
                balance.place,
                f"add `{missing}` to its `with`",
            )
            return
        if remaining < 0 and pool.renews is None:
            message = f"less than nothing is left of `{pool.name}`, and it has no next cycle"
            binder.problems.add("A107", message, balance.place, "correct the balance")
            return
        if not self._may_tell_validity(balance, pool):
            return
        withdrawn, repaid = self._withdrawn(balance, pool), self._repaid(balance, pool)
        lot = (self._once if pool.renews is None else self._cycle)(balance, number, pool, attributes, remaining)
        if lot is None:
            return
        if lot.id in self._seen:
            binder.problems.add("A107", f"two balances speak of lot `{lot.id}`", balance.place, "keep one")
        self._seen.add(lot.id)
        self._check_validity(lot, balance)
        if balance.paid is None and lot.purchased is not None and asks_what_was_paid(lot, binder.usage):
            message = f"the balance does not say what was paid for `{lot.id}`, and a refund of it goes by that"
            binder.problems.add("A107", message, balance.place, "add it: `paid: 75 USD`")
        if exact(lot.left + withdrawn + repaid) > lot.size:
            held = f"than it ever held ({quantity_text(lot.size, pool.unit)})"
            what = "more is left of, and was withdrawn from," if withdrawn else "more is left of"
            binder.problems.add("A107", f"{what} lot `{lot.id}` {held}", balance.place)

    def _may_tell_validity(self, balance: Balance, pool: tree.Pool) -> bool:
        """Whether a balance tells of a validity beside that of its lot only where there is one."""
        told = next((name for name in ("valid_from", "valid_until") if getattr(balance, name) is not None), None)
        if told is None or (pool.renews is not None and pool.kind is tree.PoolKind.PACKAGE):
            return True
        given = pool.kind is tree.PoolKind.GRANT
        self._binder.problems.add(
            "A107",
            f"`{told}` is of a package that renews, and `{pool.name}` {'is given' if given else 'is filled once'}",
            balance.place,
            "take it out: the list says how long a grant is valid" if given else "write `starts` and `expires`",
        )
        return False

    def _check_validity(self, lot: Lot, balance: Balance) -> None:
        """Report that it is not known how long what was bought is valid, where the list has it end or that says when
        it is drawn."""
        rule, pool = lot.pool.validity, lot.pool
        if pool.kind is not tree.PoolKind.PACKAGE:
            return
        once = pool.renews is None
        no_end = lot.ends is None and (rule.length is not None or rule.until is not None)
        by_end = next((draw for draw in pool.draws if draw.by_end), None)
        by_start = next((draw for draw in pool.draws if draw.by_start), None)
        if no_end:
            since, key, draw = "until when", "expires" if once else "valid_until", by_end
        elif by_start is not None and lot.begins is None:
            since, key, draw = "since when", "starts" if once else "valid_from", by_start
        else:
            return
        why = f"it is drawn by `{draw.value}`" if draw is not None else "the list lets it end"
        self._binder.problems.add(
            "A107",
            f"the balance does not tell {since} `{lot.name.whole}` is valid, and {why}",
            balance.place,
            f"write in the account's data when it was `purchased`, or `{key}`"
            + ("; in an example, `until 2026-07-01`" if key == "expires" else ""),
        )

    def end_others(self) -> None:
        """What was bought before the opening is over if no balance tells of it: used up, given back, or ended."""
        opening = self._binder.opening
        for one in self.holdings.every():
            told = one.held if isinstance(one, Renewing) else one.id in self._seen
            if opening is not None and one.purchased is not None and one.purchased < opening and not told:
                one.end(opening)

    def gone(self) -> Iterator[Lot]:
        """The purchased lots that were over by the opening and of which a request speaks; nobody draws from them."""
        for number, balance in enumerate(self._binder.usage.gone):
            pool = self._binder.tariff.pools[balance.source]
            remaining = self._figure(balance, balance.remaining, "the balance", pool.unit) or 0
            lot = self._unknown(balance, number, pool, (), remaining)
            if balance.drawn is not None:
                lot.drawn_before = self._figure(balance, balance.drawn, "what was drawn", pool.unit) or 0
            if balance.refunded is not None:
                lot.refunded_at = self._binder.instant(balance.refunded, balance.place)
            yield lot

    def _once(
        self, balance: Balance, number: int, pool: tree.Pool, attributes: Attributes, remaining: Exact
    ) -> Lot | None:
        """The balance of a lot that is drawn once."""
        lot = self._known.get(balance.lot or "")
        if lot is None:
            lot = self._unknown(balance, number, pool, attributes, remaining)
            self._known.setdefault(lot.id, lot)
            if pool.scope and pool.kind is tree.PoolKind.GRANT:
                self.allotments(pool).put(attributes, lot)
            else:
                self.holdings.add(lot)
            return lot
        if not self._is_of(lot, pool, balance):
            return None
        assert isinstance(lot, Lot)
        lot.open_with(remaining, self._withdrawn(balance, pool))
        return lot

    def _is_of(self, one: Lot | Renewing, pool: tree.Pool, balance: Balance) -> bool:
        if one.pool is pool:
            return True
        self._binder.problems.add(
            "A107", f"lot `{one.id}` is of `{one.pool.name}`, not of `{pool.name}`", balance.place
        )
        return False

    def _unknown(self, balance: Balance, number: int, pool: tree.Pool, attributes: Attributes, remaining: Exact) -> Lot:
        """A lot that only the opening balances know of."""
        purchased = self._instant(balance, balance.purchased)
        expires = self._instant(balance, balance.expires)
        if expires is None:
            origin = purchased if pool.kind is tree.PoolKind.PACKAGE else self._binder.activated
            expires = self._issuer.validity(pool, origin)[1]
        name = self._name(balance, number, pool, attributes)
        starts = self._instant(balance, balance.starts) or purchased
        return self._told(balance, name, pool, attributes, remaining, (starts, expires))

    def _told(
        self,
        balance: Balance,
        name: LotName,
        pool: tree.Pool,
        attributes: Attributes,
        remaining: Exact,
        valid: Validity,
    ) -> Lot:
        """A lot as a balance tells of it, and what was paid for it."""
        size = self._size(balance, pool, remaining)
        paid = self._money(balance, balance.paid, "what was paid") or 0
        listed = self._money(balance, balance.list_price, "the list price")
        if listed is None:
            listed = self._issuer.listed(pool, size)
        return Lot(
            name=name,
            pool=pool,
            size=size,
            remaining=remaining,
            starts=valid[0],
            expires=valid[1],
            purchased=self._instant(balance, balance.purchased),
            purchase=name.base if name.number else None,
            paid=paid,
            listed=paid if listed is None else listed,
            attributes=attributes,
            withdrawn_before=self._withdrawn(balance, pool),
        )

    def _cycle(
        self, balance: Balance, number: int, pool: tree.Pool, attributes: Attributes, remaining: Exact
    ) -> Lot | None:
        """The balance of a cycle of a lot that renews, or of what rolled over out of one."""
        name = self._name(balance, number, pool, attributes)
        one = self._whole(balance, name.whole, pool, attributes, remaining)
        if one is None or not self._is_of(one, pool, balance) or not self._is_valid_so(one, balance):
            return None
        one.held = True
        if name.rolled:
            lot = self._rolled(balance, name, one, remaining)
            one.hold_rolled(lot)
            return lot
        when = self._when(balance, one)
        if when is None or not one.valid_at(when):
            self._binder.problems.add(
                "A107",
                f"lot `{one.id}` is not valid at the time of this balance",
                balance.place,
                "correct its `starts` and `expires`, or take it out",
            )
            return None
        if balance.drawn is not None:
            one.drawn_before = self._figure(balance, balance.drawn, "what was drawn", pool.unit) or 0
        size = self._size(balance, pool, remaining) if balance.size is not None else None
        left = None if balance.anew else remaining
        return one.hold(when, left, size, self._withdrawn(balance, pool), self._repaid(balance, pool))

    def _is_valid_so(self, one: Renewing, balance: Balance) -> bool:
        """Whether a lot is valid as a balance tells of all its cycles: by its purchase, and by other balances."""
        for name, held in (("valid_from", one.starts), ("valid_until", one.expires)):
            told = self._instant(balance, getattr(balance, name))
            if told is not None and told != held:
                message = f"`{name}` is not that of lot `{one.id}` by its purchase or another balance"
                self._binder.problems.add("A107", message, balance.place, "correct one of them")
                return False
        return True

    def _whole(
        self, balance: Balance, name: LotName, pool: tree.Pool, attributes: Attributes, remaining: Exact
    ) -> Renewing | None:
        """The lot that a cycle is of: known, or made from what the balance tells."""
        known = self._known.get(str(name))
        if known is not None:
            return known if isinstance(known, Renewing) else None
        made: Lot | Renewing | None
        if pool.kind is tree.PoolKind.GRANT:
            if pool.size is None and not self._issuer.is_sized(pool, attributes):
                self._issuer.sizes[pool.name, attributes] = self._size(balance, pool, remaining)
            made = self._issuer.grant(pool, attributes, known=True)
        else:
            starts, expires = self._issuer.validity(pool, self._instant(balance, balance.purchased))
            valid_from, valid_until = (self._instant(balance, m) for m in (balance.valid_from, balance.valid_until))
            valid = (valid_from or starts, valid_until or expires)
            lot = self._told(balance, name, pool, attributes, remaining, valid)
            made = self._issuer.renewing(lot, self._binder.opening)
        if not isinstance(made, Renewing):
            return None
        self._known[made.id] = made
        if pool.scope and pool.kind is tree.PoolKind.GRANT:
            self.allotments(pool).put(attributes, made)
        else:
            self.holdings.add(made)
        return made

    def _rolled(self, balance: Balance, name: LotName, one: Renewing, remaining: Exact) -> Lot:
        starts = self._instant(balance, balance.starts) or self._binder.opening or Instant.MIN
        expires = self._instant(balance, balance.expires) or one.expires
        size, withdrawn = self._size(balance, one.pool, remaining), self._withdrawn(balance, one.pool)
        lot = one.part(name, size, remaining, starts, expires)
        lot.open_with(remaining, withdrawn)
        return lot

    def _when(self, balance: Balance, one: Renewing) -> Instant | None:
        """An instant of the cycle that a balance speaks of; the one of the first usage if nothing tells."""
        starts, expires = self._instant(balance, balance.starts), self._instant(balance, balance.expires)
        if starts is not None:
            return starts
        if expires is not None:
            return expires.subtract(nanoseconds=1)
        if self._binder.opening is not None:
            return self._binder.opening
        return self._issuer.first_usage() or self._binder.activated or one.starts

    def _name(self, balance: Balance, number: int, pool: tree.Pool, attributes: Attributes) -> LotName:
        """What the lot of a balance is called, by the data or by its place; only of a lot that renews there are
        cycles, and only of a package several lots."""
        grant = pool.kind is tree.PoolKind.GRANT
        if not balance.lot:
            return self._issuer.name(pool, attributes) if grant else LotName(f"{pool.name}-{number}")
        name = parse(balance.lot)
        if pool.renews is None:
            name = parse_whole(balance.lot)
        return LotName(str(name.whole), 0, name.cycle, name.rolled) if grant else name

    def _size(self, balance: Balance, pool: tree.Pool, remaining: Exact) -> Exact:
        if balance.size is None:
            return max(exact(remaining + self._withdrawn(balance, pool) + self._repaid(balance, pool)), 0)
        size = self._figure(balance, balance.size, "the size", pool.unit)
        return remaining if size is None else size

    def _withdrawn(self, balance: Balance, pool: tree.Pool) -> Exact:
        if balance.withdrawn is None:
            return 0
        return self._figure(balance, balance.withdrawn, "what was withdrawn", pool.unit) or 0

    def _repaid(self, balance: Balance, pool: tree.Pool) -> Exact:
        if balance.repaid is None:
            return 0
        return self._figure(balance, balance.repaid, "what was paid back", pool.unit) or 0

    def _money(self, balance: Balance, written: Amount | None, what: str) -> Exact | None:
        if written is None:
            return None
        return self._figure(balance, written, what, currency_unit(self._binder.tariff.currency))

    def _figure(self, balance: Balance, written: Amount, what: str, unit: Unit) -> Exact | None:
        figure, problem, help = self._binder.amounts.figure(written, unit)
        if problem:
            self._binder.problems.add("A107", f"{what} {problem}", balance.place, help)
            return None
        return figure

    def _instant(self, balance: Balance, moment: Moment | None) -> Instant | None:
        return self._binder.instant(moment, balance.place) if moment is not None else None


def bind_balances(binder: Binder, held: Held) -> None:
    """Bind all balances; problems are reported in the binder. What rolled over comes behind the cycles, which tell
    the size of their lot."""
    numbered = list(enumerate(binder.usage.balances, start=1))
    for number, balance in sorted(numbered, key=lambda item: parse(item[1].lot or "").rolled):
        try:
            held.bind(balance, number)
        except RatingError as error:
            binder.problems.found.extend(error.diagnostics)
    held.end_others()
