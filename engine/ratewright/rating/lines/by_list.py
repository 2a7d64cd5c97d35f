"""What the list alone asks for a line that a contract changes: the same line, asked again with what it was fed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace
from whenever import Instant

from ratewright.account.settings.setting_timeline import Settings
from ratewright.derivation.contract_marks import Marks, marks_of
from ratewright.derivation.trace import ChargeTrace, ContractTrace
from ratewright.derivation.used_places import AppliedBounds, applied_bounds, used_places
from ratewright.formula.series import period_facts
from ratewright.meaning import nodes as tree
from ratewright.meaning.dependencies import lines_on
from ratewright.meaning.formulas import charge_expressions
from ratewright.meaning.walk import given_in, lengths_asked
from ratewright.plan.period_grid import Grid
from ratewright.rating.lines.discount_bounds import adds, takes_too_much
from ratewright.rating.lines.line_outcome import LineFacts, Outcome, Priced, outcome
from ratewright.rating.lines.period_maximums import PeriodMaximums, Within
from ratewright.refusal import RatingError
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact

_NAMED = tree.Measured | tree.LineAmount | tree.LineLeft | tree.SumOfLines


class ByList(Struct, frozen=True, gc=False):
    """What the list alone asks: `alone`, or None where it has no price for the quantity. It is None as well, and
    `unclear`, where it goes by something that is not: by names that the contract's line does not ask for, or by lines
    of which it is None; and where a discount would take off more than it would be on. `difference` is that of the line
    itself; None where only what it names differs. `bounds` are the list's own that made a difference; all of them
    where that is not known. `quantity` is what the list's line is on."""

    alone: Exact | None
    difference: tree.Difference | None
    unclear: bool = False
    bounds: AppliedBounds = frozenset((True, False, None))
    quantity: Exact | None = None

    def less(self, billed: Exact) -> ByList:
        """What it asks beside what was billed before."""
        return self if self.alone is None else replace(self, alone=exact(self.alone - billed))

    def told(self, why: ChargeTrace, made: Priced, owed: Exact, used: Marks) -> ContractTrace | None:
        """What there is to tell of a line; nothing where it used nothing of a contract and the list asks the same."""
        difference = self.difference
        places = used_places(why, self.bounds)
        changes = (*used.among(places), *difference.changes) if difference is not None else ()
        if not changes and self.alone == owed:
            return None
        known = difference is None or difference.by_list is not None
        factor = difference.factor if difference is not None else None
        price = made.applied.amount if made.applied is not None else 0
        sign = -1 if why.charge.word is tree.LineWord.DISCOUNT else 1
        by_list = exact(sign * self.alone) if known and self.alone is not None else None
        other = by_list is not None and self.quantity not in (None, made.quantity)
        on = self.quantity if other and lines_on(why.charge) and why.billed_before is None else None
        return ContractTrace(known, by_list, factor, price, made.scaled, changes, self.unclear, on)


class Lists:
    """The list behind a list under contracts; false where there is no contract."""

    def __init__(self, tariff: tree.Tariff, settings: Settings, grid: Grid) -> None:
        self._under = tariff.contract
        self._settings = settings
        self._maximums = PeriodMaximums(grid)
        self.marks = marks_of(tariff)

    def __bool__(self) -> bool:
        return self._under is not None and bool(self._under.titles)

    def terms(self, charge: tree.Charge) -> tuple[Exact | None, bool]:
        """What a contract multiplies the price of a line by, and whether it drops the line."""
        difference = self._under.lines.get(charge.name) if self._under is not None else None
        return (difference.factor, difference.dropped) if difference is not None else (None, False)

    def within(self, charge: tree.Charge, begins: Instant, key: tuple[tree.Value, ...], own: Exact) -> Within | None:
        """What the list asked of other lines, of a maximum for a longer period; `own` is what it asked of this one."""
        return self._maximums.within(self._by_list(charge), begins, key, own)

    def bill(self, charge: tree.Charge, begins: Instant, key: tuple[tree.Value, ...], asked: ByList) -> None:
        """Note what the list asks of a line, where it is known."""
        by_list = self._by_list(charge)
        self._maximums.bill(by_list, self._maximums.within(by_list, begins, key, 0), key, asked.alone or 0)

    def _by_list(self, charge: tree.Charge) -> tree.Charge:
        difference = self._under.lines.get(charge.name) if self._under is not None else None
        return charge if difference is None or difference.by_list is None else difference.by_list

    def amount(
        self, facts: LineFacts, made: Outcome, named: Mapping[str, object], before: Exact, within: Within | None
    ) -> ByList:
        """What the list asks of a line as it was fed; `named` are the lines and sums that it reads, by the list: None
        where that is not known. `before` is what it asked of earlier parts, which it asks still where nothing more is
        billed."""
        assert self._under is not None
        difference = self._under.lines.get(facts.charge.name)
        values = {**facts.values, **named}
        if difference is None:
            if values == facts.values and within == facts.within and isinstance(made, Priced):
                return ByList(made.amount, None)
            by_list = facts.charge
        elif difference.by_list is None:
            return ByList(0, difference)
        else:
            by_list = difference.by_list
        formulas = list(charge_expressions(by_list))
        asks = (given for formula in formulas for given in given_in(formula))
        if any(isinstance(given, _NAMED) and values.get(given.key) is None for given in asks):
            return ByList(None, difference, unclear=True)
        if any(True for formula in formulas for _ in lengths_asked(formula)):  # the contract's line may not ask for it
            start, end = values["period:start"], values["period:end"]
            assert isinstance(start, Instant) and isinstance(end, Instant)
            values |= period_facts(Period(start, end), self._settings.calendar)
        rounding = by_list.rounding or self._under.by_list.rounding
        asked = replace(
            facts,
            charge=by_list,
            values=values,
            rounding=rounding,
            in_parts=bool(before),
            factor=None,
            dropped=False,
            within=within,
        )
        try:
            found = outcome(asked, self._settings, tells=False)
        except RatingError:
            return ByList(None, difference)
        if not isinstance(found, Priced):
            return ByList(before, difference, bounds=frozenset())
        if _refused(by_list, found):
            return ByList(None, difference, unclear=True)
        price = found.applied.why if found.applied is not None else None
        bounds = applied_bounds(found.bounds, price)
        return ByList(found.amount, difference, bounds=bounds, quantity=found.quantity)


def _refused(charge: tree.Charge, made: Priced) -> bool:
    """Whether a list would refuse a discount."""
    if charge.word is not tree.LineWord.DISCOUNT:
        return False
    return takes_too_much(charge, made.amount, made.quantity) or adds(made.exact, made.quantity)
