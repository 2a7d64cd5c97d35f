"""Making lots: their validity, their size and their cycles, from the rules of a pool and the account's data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from whenever import Instant

from ratewright.account.binder import Binder
from ratewright.account.settings.anchors import anchored
from ratewright.account.settings.in_force import InForce
from ratewright.account.settings.setting_timeline import Settings
from ratewright.derivation.value_texts import value_text
from ratewright.formula.interpreter import evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in, places_of
from ratewright.pricing.bounds import first_within
from ratewright.quota.cycles import Plan, Renewing
from ratewright.quota.filling import Filling
from ratewright.quota.lots import Attributes, Lot
from ratewright.refusal import later, stop
from ratewright.values.calendar import CalendarError
from ratewright.values.exact import Exact, exact, plain
from ratewright.values.lot_names import LotName
from ratewright.values.units import Unit

Validity = tuple[Instant | None, Instant | None]
"""From when until when a lot covers usage; None for always."""


class Issuer:
    """Makes the lots of one account. `sizes` are those that its data give to grants of `size per account`."""

    def __init__(self, binder: Binder, settings: Settings, in_force: InForce, filling: Filling) -> None:
        self._binder = binder
        self._settings = settings
        self._in_force = in_force
        self.sizes: dict[tuple[str, Attributes], Exact] = {}
        self.filling = filling
        self._first_usage: tuple[Instant | None] | None = None

    def validity(self, pool: tree.Pool, origin: Instant | None) -> Validity:
        """From when until when a lot covers usage that was bought or activated at `origin`. Raises RatingError."""
        rule = pool.validity
        start = self._placed(rule.start, origin) if rule.start is not None else origin
        if rule.until is not None:
            return start, self._placed(rule.until, origin)
        if rule.length is not None and start is not None:
            return start, later(self._binder.calendar, start, rule.length, rule.span)
        return start, None

    def _placed(self, expression: tree.Expression, origin: Instant | None) -> Instant | None:
        """An instant that depends on when the lot was bought; None where that is not known."""
        asks = any(isinstance(g, tree.LotFact) for g in given_in(expression))
        if asks and origin is None:
            return None
        values = self._settings.values_at(expression, origin or Instant.MIN, expression.span)
        found: Instant = evaluate(expression, {**values, "lot:purchase": origin})
        return found

    def grant(self, pool: tree.Pool, attributes: Attributes, known: bool = False) -> Lot | Renewing | None:
        """The lot of a grant for one kind of usage, or its only one; None where nothing is given, or what was given
        is settled. `known` says that balances know of it. Raises RatingError."""
        binder = self._binder
        if pool.size is None and not self._given(pool, attributes):
            return None
        if not known and not self._in_force.pool(pool, None, None):
            return None
        activated, opening = binder.activated, binder.opening
        if not known:
            self._check_begin(pool)
        begun = opening is not None and (activated is None or activated < opening) and (known or not attributes)
        starts, expires = self.validity(pool, activated)
        self._check_end(pool, expires)
        told = opening is not None and (starts is None or starts < opening)  # if there were any left
        if (
            pool.renews is None
            and not known
            and not self._is_given(pool, (starts, expires), opening if begun and told else None)
        ):
            return None
        size_at = self._size_of(pool, attributes)
        size = 0 if pool.renews is not None else size_at(starts or opening or Instant.MIN)
        name = self.name(pool, attributes)
        lot = Lot(
            name=name, pool=pool, size=size, remaining=size, starts=starts, expires=expires, attributes=attributes
        )
        if pool.renews is None:
            return lot if size else None
        return self.renewing(lot, opening if begun else None, size_at)

    def _is_given(self, pool: tree.Pool, valid: Validity, settled: Instant | None) -> bool:
        """Whether a lot is given of which no balance tells. One that was in force before balances `settled` what is
        left is used up; one that comes into force later is all there."""
        starts, expires = valid
        used_up = settled is not None and self._in_force.pool(pool, starts, settled)
        return not used_up and self._in_force.pool(pool, starts, expires)

    def _given(self, pool: tree.Pool, attributes: Attributes) -> Exact:
        """The size that the account's data give: for this kind of usage, or for any; 0 if they give none."""
        return self.sizes.get((pool.name, attributes), self.sizes.get((pool.name, ()), 0))

    def is_sized(self, pool: tree.Pool, attributes: Attributes) -> bool:
        """Whether the account's data give a size: for this kind of usage, or for any."""
        return (pool.name, attributes) in self.sizes or (pool.name, ()) in self.sizes

    def name(self, pool: tree.Pool, attributes: Attributes) -> LotName:
        """What the lot of a grant is called: with what it is given for, where that differs."""
        if not attributes:
            return LotName(pool.name)
        texts = [
            value_text(value, s.type, s.unit, self._binder.calendar)
            for s, (_, value) in zip(pool.scope, attributes, strict=True)
        ]
        return LotName(f"{pool.name}[{', '.join(texts)}]")

    def _check_begin(self, pool: tree.Pool) -> None:
        """Refuse a grant of which it must be known since when it is held, and is not."""
        binder = self._binder
        counted = pool.validity.length is not None and pool.validity.start is None
        grows = pool.rolls is not None and not pool.filled_by
        if binder.activated is not None or not (pool.issued or ((counted or grows) and binder.opening is None)):
            return
        if pool.issued:
            why = "is issued on activation"
        elif grows:
            why = "rolls over from the activation on"
        else:
            why = "is valid for a time from the activation on"
        raise stop(
            "A107",
            f"{pool.title} {why}, and the account's data do not say when that was",
            binder.place.span,
            "write `activated: 2026-01-05T09:00:00+08:00`; in an example `set activation 2026-01-05`",
        )

    def _check_end(self, pool: tree.Pool, expires: Instant | None) -> None:
        """Refuse a grant that is drawn by its end where that is not known."""
        by_end = next((rule for rule in pool.draws if rule.by_end), None)
        if by_end is None or expires is not None or pool.validity.length is None:
            return
        raise stop(
            "A107",
            f"{pool.title} is drawn by `{by_end.value}`, and the account's data do not say since when it is valid",
            self._binder.place.span,
            "write `activated: 2026-01-05T09:00:00+08:00`; in an example `set activation 2026-01-05`",
        )

    def listed(self, pool: tree.Pool, size: Exact) -> Exact | None:
        """The price of a size in the list; None where it is not sold."""
        row = row_of(pool, size, pool.unit)
        return row.price if row is not None else None

    def renewing(
        self, lot: Lot, opening: Instant | None, size_at: Callable[[Instant], Exact] | None = None
    ) -> Renewing:
        """A lot with its cycles. `opening` is given where those that had begun by then are settled."""
        renewal = lot.pool.renews
        assert renewal is not None
        extra: dict[str, object] = {"lot:purchase": lot.purchased}
        cadence = anchored(renewal.cadence, renewal.anchor, self._settings, extra)
        size = lot.size
        binder = self._binder
        sized, most = size_at or (lambda at: size), binder.limits.lots
        in_force = partial(self._in_force.pool, lot.pool)
        plan = Plan(cadence, binder.calendar, sized, opening, self.first_usage(), most, self.filling, in_force)
        return Renewing.of(lot, plan)

    def first_usage(self) -> Instant | None:
        """The earliest usage or purchase that the account's data tell of."""
        if self._first_usage is None:
            found = []
            usage = self._binder.usage
            for moment in (*(record.start for record in usage.records), *(p.at for p in usage.purchases)):
                try:
                    found.append(self._binder.calendar.instant(moment))
                except CalendarError:
                    continue  # reported with the record
            self._first_usage = (min(found, default=None),)
        return self._first_usage[0]

    def _size_of(self, pool: tree.Pool, attributes: Attributes) -> Callable[[Instant], Exact]:
        """The size of a grant's lot that begins at an instant. Raises RatingError for one below 0."""
        expression = pool.size
        if expression is None:
            given = self._given(pool, attributes)
            return lambda at: given
        if pool.filled_by:
            return lambda at: 0  # each cycle is measured
        if isinstance(expression, tree.Constant):
            fixed: Exact = expression.value  # type: ignore[assignment]
            return lambda at: fixed
        tags = {f"tag:{name}": value for name, value in attributes}

        def asked(at: Instant) -> Exact:
            values = self._settings.values_at(expression, at, expression.span)
            size: Exact = evaluate(expression, {**values, **tags})
            if size < 0:
                raise stop(
                    "A501",
                    f"the size of {pool.title} comes out below 0: {plain(size)}",
                    expression.span,
                    "say what holds then: `max(…, 0 …)` with the unit",
                )
            return size

        return asked


def row_of(pool: tree.Pool, size: Exact, unit: Unit) -> tree.SizeRow | None:
    """The row of a size on sale: its own, or the one that any size within its bound takes; shown in `unit`."""
    row = next((r for r in pool.sizes if r.size == size), None)
    if row is not None or size <= 0 or size in pool.unsold:
        return row
    uppers = ((_bound_of(any_size), any_size.bound.inside) for any_size in pool.ranges)
    place = first_within(size, uppers)
    if place is None:
        return None
    any_size = pool.ranges[place]
    if any_size.price is None:
        return None
    price = any_size.price if any_size.flat else exact(any_size.price * size)
    around = [r.bound for r in pool.ranges[max(place - 1, 0) : place + 1]]
    limits = (of for bound in around if bound.limit is not None for of in places_of(bound.limit))
    places = (*any_size.places, *(bound.span for bound in around), *limits)
    return tree.SizeRow(any_size.span, size, unit, price, any_size, places)


def _bound_of(any_size: tree.SizeRange) -> Exact | None:
    limit = any_size.bound.limit
    bound: Exact | None = evaluate(limit, {}) if limit is not None else None
    return bound
