"""What one line comes to: a function of the line, what it was fed, and the values that it reads.

Nothing is remembered here and nothing noted, so that the same line can be asked again for other usage.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from whenever import Instant

from ratewright.account.settings.setting_timeline import Settings
from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in
from ratewright.pricing.settling import settle
from ratewright.rating.lines.block_prices import apply_price
from ratewright.rating.lines.line_formulas import Asked, LineFormulas, formulas_of
from ratewright.rating.lines.period_maximums import Within
from ratewright.rating.lines.price_forms import Applied
from ratewright.rating.lines.proration import share_by_day, share_of
from ratewright.rating.rounding import of_line, told
from ratewright.refusal import RatingError
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact


class LineFacts(Struct, frozen=True, gc=False):
    """What a line is priced from.

    `period` is what is priced, `whole` the one that it was cut from where a change of prices cuts it; of what is
    billed in advance `period` is the instant at which `whole` begins for the account. `fed` is what is
    left of each meter for it, `values` what else its formulas read but settings. `always` asks for the price of a
    quantity of 0 too, to see whether it comes to more than there is. `in_parts` marks a period of which something is
    billed already, `goes_on` one of which another part is billed later, `by_record` a condition that was asked for
    each record that is fed. `factor` is that of a contract, `dropped` a line that it does not charge. `within` is what
    is billed already where a maximum is for a longer period.
    """

    charge: tree.Charge
    period: Period
    whole: Period
    fed: Mapping[str, Exact]
    values: Mapping[str, object]
    rounding: tree.RoundingRule
    always: bool = False
    in_parts: bool = False
    goes_on: bool = False
    by_record: bool = False
    factor: Exact | None = None
    dropped: bool = False
    within: Within | None = None

    @property
    def at(self) -> Instant:
        """When its formulas are asked: at the beginning of a period, and of what is priced alone when it ends."""
        alone = self.charge.every.alone and self.period.start < self.period.end
        return self.period.end.subtract(nanoseconds=1) if alone else self.period.start

    @property
    def minimum(self) -> tree.Expression | None:
        """The least amount, as far as it is owed yet: of what is billed in parts it is when the last part ends."""
        return None if self.goes_on else self.charge.minimum

    @property
    def unused(self) -> bool:
        """Whether the line was fed nothing."""
        return not any(self.fed.values())


class Priced(Struct, frozen=True, gc=False):
    """A line as it was priced: its quantity, its amount before and after rounding, and how it came about.

    `applied` is None where nothing was used, so that nothing was looked up.
    """

    quantity: Exact
    scaled: Exact
    exact: Exact
    amount: Exact
    applied: Applied | None
    bounds: tuple[trace.BoundTrace, ...]
    rounding: trace.RoundingTrace
    share: trace.ProrationTrace | None
    condition: trace.ConditionTrace | None
    on: trace.Arithmetic | None


class KeptAway(Struct, frozen=True, gc=False):
    """No line, for its condition does not hold."""

    condition: trace.ConditionTrace


class Nothing(Struct, frozen=True, gc=False):
    """No line, for what it was fed comes to nothing: by its formula in `on`, or by a share of the period of 0."""

    on: trace.Arithmetic | None
    share: trace.ProrationTrace | None


Outcome = Priced | KeptAway | Nothing | None
"""None where nothing was used, and a condition has no answer that would matter."""


def outcome(facts: LineFacts, settings: Settings, *, tells: bool = True) -> Outcome:
    """What a line comes to; `tells` is off where only the figures matter. Raises RatingError.

    An account that used nothing is not refused for what only usage would have decided: where a line without usage
    comes to nothing whatever its condition says, an answer that cannot be had is none that is missing.
    """
    formulas = formulas_of(settings, facts.period, facts.at, facts.values, idle=_idle(facts), tells=tells)
    return _Line(facts, formulas).outcome()


def kept_away(facts: LineFacts, settings: Settings) -> KeptAway | None:
    """Whether a condition on settings and the time keeps a line away that was fed nothing: then nothing else of it is
    asked. None also where that is not decided by the condition alone."""
    when = facts.charge.when
    if when is None or facts.charge.by_each_day or facts.fed or not facts.by_record:
        return None
    try:
        condition = formulas_of(settings, facts.period, facts.at, facts.values, idle=True).holds(when)
    except RatingError:
        return None  # whether it matters depends on what was used elsewhere
    return None if condition.holds else KeptAway(condition)


def nothing_billed(facts: LineFacts, condition: trace.ConditionTrace) -> Priced:
    """A line that its condition keeps away, as one of 0."""
    rounding = told(of_line(facts.rounding), 0, 0, facts.rounding)
    return Priced(0, 0, 0, 0, None, (), rounding, None, condition, None)


class _Line(Struct, frozen=True, gc=False):
    """One line at work. `formulas` know what it was fed, but not yet its quantity."""

    facts: LineFacts
    formulas: LineFormulas

    def outcome(self) -> Outcome:
        charge = self.facts.charge
        condition = None
        if self._asked_first():
            condition = self._answer(self.formulas)
            if condition is None or not condition.holds:
                return KeptAway(condition) if condition is not None else None
        quantity, on, formulas = self._quantity()
        if charge.when is not None and _asks_quantity(charge.when):
            condition = self._answer(formulas)
            if condition is None or not condition.holds:
                return KeptAway(condition) if condition is not None else None
        if self._unpriced(quantity):
            if self.facts.minimum is None and not self.facts.in_parts:
                return Nothing(on, None)
            return self._settled(quantity, on, None, condition, formulas)
        try:
            applied = apply_price(charge, quantity, formulas)
        except RatingError:
            if formulas.idle and self._has_no_share(formulas):
                return None
            raise
        return self._settled(quantity, on, applied, condition, formulas)

    def _has_no_share(self, formulas: LineFormulas) -> bool:
        """Whether nothing of the price is billed, whatever it comes to."""
        share = share_of(self.facts.charge, self.facts.period, self.facts.whole, formulas)
        return share is not None and share.ratio == 0

    def _asked_first(self) -> bool:
        """Whether the condition is asked before the quantity is worked out: not where it was asked for each record
        already, nor for each day, nor where it asks for the quantity itself."""
        charge = self.facts.charge
        if charge.when is None or charge.by_each_day or _asks_quantity(charge.when):
            return False
        return not (charge.meters and self.facts.by_record and self.facts.fed)

    def _answer(self, formulas: LineFormulas) -> trace.ConditionTrace | None:
        """The answer of the condition; None where it has none and would decide nothing."""
        assert self.facts.charge.when is not None
        try:
            return formulas.holds(self.facts.charge.when)
        except RatingError:
            if self._comes_to_nothing():
                return None
            raise

    def _comes_to_nothing(self) -> bool:
        """Whether nothing was used and nothing would be billed, if the condition held."""
        charge = self.facts.charge
        if not self.formulas.idle or self.facts.minimum is not None or self.facts.in_parts:
            return False
        try:
            quantity, _, formulas = self._quantity()
            if self._unpriced(quantity):
                return True
            return apply_price(charge, quantity, formulas).amount == 0
        except RatingError:
            return False

    def _quantity(self) -> tuple[Exact, trace.Arithmetic | None, LineFormulas]:
        """What is priced, its arithmetic where it is more than what is left of a meter, and formulas that know it."""
        charge = self.facts.charge
        if charge.on is None:
            return 0, None, self.formulas
        if isinstance(charge.on, tree.MeterLeft):
            left = self.facts.fed.get(charge.on.name, 0)
            return left, None, self.formulas.knowing({charge.on.key: left, "charge:quantity": left})
        formulas = self.formulas.knowing({f"left:{name}": self.facts.fed.get(name, 0) for name in charge.meters})
        worked = formulas.ask(charge.on)
        return worked.value, worked.how, formulas.knowing({"charge:quantity": worked.value})

    def _unpriced(self, quantity: Exact) -> bool:
        """Whether nothing was used, so that nothing is looked up."""
        charge = self.facts.charge
        return quantity == 0 and charge.on is not None and not charge.flat_at_zero and not self.facts.always

    def _settled(
        self,
        quantity: Exact,
        on: trace.Arithmetic | None,
        applied: Applied | None,
        condition: trace.ConditionTrace | None,
        formulas: LineFormulas,
    ) -> Priced | Nothing:
        """The price with its share, its bounds and its rounding."""
        facts, charge = self.facts, self.facts.charge
        price = applied.amount if applied is not None else 0
        share = share_of(charge, facts.period, facts.whole, formulas)
        if share is not None and share.ratio == 0:
            return Nothing(on, share.told(price, 0))
        dropped = facts.dropped
        minimum, of_days = (None, None) if dropped else self._minimum(formulas)
        maximum, within = (None, None) if dropped else self._maximum(formulas)
        rounding = of_line(facts.rounding)
        settled = settle(
            price,
            rounding,
            factor=0 if dropped else facts.factor,
            share=share.ratio if share is not None else None,
            minimum=of_days.after if of_days is not None else minimum.value if minimum is not None else None,
            maximum=within.left if within is not None else maximum.value if maximum is not None else None,
        )
        looked_up = applied is not None and not (facts.always and quantity == 0)
        if not settled.lowered and not looked_up and not facts.in_parts:
            return Nothing(on, share.told(settled.scaled, settled.shared) if share is not None else None)
        return Priced(
            quantity,
            settled.scaled,
            settled.lowered,
            settled.rounded,
            applied,
            (
                *_bound(False, facts.minimum, minimum, settled.shared, settled.raised, share=of_days),
                *_bound(True, charge.most, maximum, settled.raised, settled.lowered, within=within),
            ),
            told(rounding, settled.lowered, settled.rounded, facts.rounding),
            share.told(settled.scaled, settled.shared) if share is not None else None,
            condition,
            on,
        )

    def _minimum(self, formulas: LineFormulas) -> tuple[Asked | None, trace.ProrationTrace | None]:
        """The least amount that is owed, and its share of the days; none for no day."""
        facts, charge = self.facts, self.facts.charge
        if facts.minimum is None:
            return None, None
        share = share_by_day(charge, facts.period, facts.whole, formulas) if charge.minimum_by_day else None
        if share is not None and share.ratio == 0:
            return None, None
        asked = formulas.ask(facts.minimum)
        return asked, share.told(asked.value, exact(asked.value * share.ratio)) if share is not None else None

    def _maximum(self, formulas: LineFormulas) -> tuple[Asked | None, trace.WithinTrace | None]:
        """The most that the line costs, and what is left of it where the others of a longer period had some."""
        facts, most = self.facts, self.facts.charge.most
        asked = formulas.ask(most) if most is not None else None
        if asked is None or facts.within is None:
            return asked, None
        left = max(exact(asked.value - facts.within.billed), 0)
        return asked, trace.WithinTrace(facts.within.period, asked.value, facts.within.billed, left)


def _bound(
    largest: bool,
    written: tree.Expression | None,
    limit: Asked | None,
    before: Exact,
    after: Exact,
    *,
    share: trace.ProrationTrace | None = None,
    within: trace.WithinTrace | None = None,
) -> tuple[trace.BoundTrace, ...]:
    """What is told of a `minimum` or a `maximum`; nothing where there is none."""
    if written is None or limit is None:
        return ()
    how = None if isinstance(written, tree.Constant) else limit.how
    figure = share.after if share is not None else within.left if within is not None else limit.value
    return (trace.BoundTrace(largest, figure, before, after != before, written.span, how, share, within),)


def _asks_quantity(condition: tree.Expression) -> bool:
    return any(isinstance(given, tree.ChargeQuantity) for given in given_in(condition))


_USED = tuple(f"{kind.prefix}:" for kind in (tree.Measured, tree.LineAmount, tree.LineLeft, tree.SumOfLines))


def names_usage(facts: LineFacts) -> bool:
    """Whether a line reads usage or amounts in another way than as its quantity."""
    return any(key.startswith(_USED) for key in facts.values)


def _idle(facts: LineFacts) -> bool:
    """Whether nothing was used of all that a line is fed and names."""
    return facts.unused and not any(value for key, value in facts.values.items() if key.startswith(_USED))
