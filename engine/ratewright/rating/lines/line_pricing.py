"""Lines of charges, discounts and taxes: each is one line word, one period, one key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress

from msgspec.structs import replace

from ratewright.account.binding import Account
from ratewright.derivation import trace
from ratewright.diagnostics import Span
from ratewright.formula.interpreter import REACHED
from ratewright.formula.series import facts_of
from ratewright.meaning import nodes as tree
from ratewright.meaning.dependencies import lines_on
from ratewright.plan.line_plans import Grain
from ratewright.plan.period_grid import Grid
from ratewright.rating.bill import Line, LineKind
from ratewright.rating.lines.by_list import ByList, Lists
from ratewright.rating.lines.discount_bounds import refuse_unsound
from ratewright.rating.lines.discount_shares import Shares
from ratewright.rating.lines.ledger import Asked, Entry, Ledger
from ratewright.rating.lines.line_outcome import (
    KeptAway,
    LineFacts,
    Nothing,
    Outcome,
    Priced,
    kept_away,
    nothing_billed,
    outcome,
)
from ratewright.rating.lines.next_row import next_row
from ratewright.rating.lines.own_sentences import sentence_of
from ratewright.rating.lines.period_maximums import PeriodMaximums
from ratewright.rating.lines.so_far import NOTHING_BILLED, SoFar, less
from ratewright.rating.measuring.measuring import Measuring
from ratewright.rating.serving.drawing import Drawing, Fed
from ratewright.refusal import RatingError
from ratewright.values.calendar import Cadence, Period, PeriodUnit
from ratewright.values.exact import Exact

Key = tuple[tree.Value, ...]
_Unused = tuple[str, tuple[object, ...]]
"""A line without usage, and what all comes to that it names."""

_KINDS = {
    tree.LineWord.CHARGE: LineKind.CHARGE,
    tree.LineWord.DISCOUNT: LineKind.DISCOUNT,
    tree.LineWord.TAX: LineKind.TAX,
}


class Pricing:
    """Prices the periods of lines and notes them. `ledger` holds what was priced and paid so far."""

    def __init__(
        self,
        account: Account,
        grid: Grid,
        cadences: Mapping[str, Cadence],
        measuring: Measuring,
        drawing: Drawing,
        ledger: Ledger,
    ) -> None:
        self._plan = account.plan
        self._tariff = tariff = account.tariff
        self._grid = grid
        self._calendar = grid.calendar
        self._settings = account.settings
        self._in_force = account.in_force
        self._holdings = account.bought.holdings
        self._measuring = measuring
        self._drawing = drawing
        self._cadences = cadences
        self._ledger = ledger
        self._shares = Shares(account.plan, account.settings.key_names, ledger)
        self._lists = Lists(tariff, account.settings, grid)
        self._maximums = PeriodMaximums(grid)
        self.reached: set[Span] = set()
        self._away: list[trace.AwayTrace] = []
        self._nothing: list[trace.NothingTrace] = []
        self._so_far: dict[tuple[str, Period], dict[Key, SoFar]] = defaultdict(lambda: defaultdict(SoFar))
        self._silent: set[_Unused] = set()
        self._settled = not any(timeline.changes for timeline in account.settings.timelines.values())

    def line(
        self, charge: tree.Charge, of: Fed, fed: Mapping[str, Exact], marks: Mapping[str, tree.Value]
    ) -> tuple[Line | None, trace.ConditionTrace | None]:
        """The line of a charge for one of its periods and keys, from what each meter fed it.

        `marks` are what the record is marked with, where each record is priced alone.

        None where there is nothing to bill; the condition is the one that kept it away, if one did.
        Raises RatingError.
        """
        _, part, key, number = of
        parted = charge.billed is not None
        period = self._grid.period_of(part.start, self._cadences[charge.name]) if parted else part
        if not self._in_force.line(charge, period):
            return None, None
        so_far = self._so_far[charge.name, period][key] if parted else NOTHING_BILLED
        if parted:
            so_far.feed(fed)
        asked = Asked(
            Period(period.start, part.end) if parted else part, dict(zip(charge.by, key, strict=True)), number
        )
        always = self._may_exceed(charge, of, asked)
        unused = self._unused(charge, of, asked) if not (fed or always) else None
        if unused in self._silent:
            return None, None
        facts = LineFacts(
            charge,
            period,
            self._uncut(charge, period),
            dict(so_far.fed) if parted else fed,
            self._known(charge, self._whole(charge, period), asked, marks),
            charge.rounding or self._tariff.rounding,
            always,
            bool(so_far.amount),
            part.end < period.end,
            self._plan.lines[charge.name].by_record,
            *self._lists.terms(charge),
            self._maximums.within(charge, period.start, key, so_far.amount),
        )
        made: Outcome = kept_away(facts, self._settings)
        if made is None:
            named = self._named(charge, of, asked)
            facts = replace(facts, values={**facts.values, **named}) if named else facts
            made = self._outcome(facts)
        listed = None
        if self._lists:
            within = self._lists.within(charge, period.start, key, so_far.listed)
            listed = self._lists.amount(facts, made, self._named_by_list(charge, of, asked), so_far.listed, within)
        if listed is not None and listed.alone and isinstance(made, Nothing):
            made = outcome(replace(facts, in_parts=True), self._settings)  # told, for the list asks for something
        entry = Entry(part, asked.keys, 0, 0, number, self._whole(charge, part) if charge.in_advance else None)
        by_list = listed.less(so_far.listed) if listed is not None else None
        if by_list is not None and by_list.alone != 0 and not isinstance(made, Priced):
            self._lists.bill(charge, period.start, key, by_list)
            self._ledger.by_list_alone(charge.name, replace(entry, by_list=by_list.alone))
            if parted:
                so_far.bill_by_list(listed)
        if isinstance(made, KeptAway):
            return self._kept_away(facts, made.condition, of, asked, by_list)
        if unused is not None and (made is None or isinstance(made, Nothing)):
            self._silent.add(unused)
        if isinstance(made, Nothing):
            return self._comes_to_nothing(charge, of, tuple(fed.items()), made)
        if made is None or (parted and so_far.has(made) and not any(fed.values())):
            return None, None
        owed = less(made.amount, so_far.amount)
        if charge.word is tree.LineWord.DISCOUNT:
            refuse_unsound(charge, owed, made.exact, made.quantity, self._tariff.currency)
        self._maximums.bill(charge, facts.within, key, owed)
        if by_list is not None:
            self._lists.bill(charge, period.start, key, by_list)
        if self._ledger.needs(charge.name):
            self._ledger.priced(charge.name, replace(entry, amount=owed, by_list=by_list.alone if by_list else owed))
        line = self._line(facts, made, so_far, of, asked, by_list)
        if parted:
            so_far.bill(made)
            so_far.bill_by_list(listed)
        return line, None

    def _outcome(self, facts: LineFacts) -> Outcome:
        """What a line comes to; one that a contract drops costs nothing, also where its price has no answer."""
        try:
            return outcome(facts, self._settings)
        except RatingError:
            if facts.dropped:
                return None
            raise

    def _line(
        self, facts: LineFacts, made: Priced, so_far: SoFar, of: Fed, asked: Asked, listed: ByList | None
    ) -> Line:
        """The line of what is owed more than was billed so far."""
        charge = facts.charge
        parted, takes_off = charge.billed is not None, charge.word is tree.LineWord.DISCOUNT
        owed = less(made.amount, so_far.amount)
        why = trace.ChargeTrace(
            charge,
            made.quantity,
            made.applied.why if made.applied is not None else trace.UnusedTrace(charge.unit),
            made.bounds,
            made.rounding,
            made.condition,
            made.share,
            so_far.amount if parted else None,
            self._whole(charge, facts.period),
            made.on,
            self._shares.of(charge, owed, asked, listed.alone if listed is not None else None) if takes_off else (),
            next_row(facts, made, self._settings, self._in_force, self._tariff, self._holdings),
            self._used(charge, asked),
            None,
            self._less(charge, asked),
            self._drawing.record(of[3]),
            sentence_of(facts, made, self._settings, self._told(self._plan.lines[charge.name].shown, asked)),
        )
        if listed is not None:
            why = replace(why, contract=listed.told(why, made, owed, self._lists.marks))
        return self._of_trace(why, of, made, so_far)

    def _of_trace(self, why: trace.ChargeTrace, of: Fed, made: Priced, so_far: SoFar) -> Line:
        charge, takes_off = why.charge, why.charge.word is tree.LineWord.DISCOUNT
        unrounded, amount = less(made.exact, so_far.exact), less(made.amount, so_far.amount)
        return Line(
            LineKind.INCLUDED if charge.included else _KINDS[charge.word],
            charge.name,
            charge.title,
            less(made.quantity, so_far.quantity),
            charge.unit,
            -unrounded if takes_off else unrounded,
            -amount if takes_off else amount,
            of[1].start if charge.in_advance else None,
            self._whole(charge, of[1]),
            charge.span,
            charge.cite,
            why,
            self._key_texts(charge, of[2]),
            made.quantity if charge.billed is not None else None,
        )

    def begun(self, charge: tree.Charge, period: Period) -> frozenset[Key]:
        """The keys of which something was priced in a period that is billed in parts."""
        return frozenset(self._so_far.get((charge.name, period), ()))

    def unbilled(self) -> tuple[list[trace.AwayTrace], list[trace.NothingTrace]]:
        """The lines that a condition kept away, and those that came to nothing, since this was last asked."""
        found = self._away, self._nothing
        self._away, self._nothing = [], []
        return found

    def _used(self, charge: tree.Charge, asked: Asked) -> Exact | None:
        """What was used before pools covered some of it, where the rows of a price go by what is left."""
        order = self._tariff.deductions.get(charge.meters[0]) if len(charge.meters) == 1 else None
        tiered = isinstance(charge.form, tree.Volume | tree.Graduated)
        tiered = tiered and charge.reached is None and charge.of_blocks is None
        if order is None or not order.pools or not tiered or self._cadences[charge.name].alone:
            return None
        if not isinstance(charge.on, tree.MeterLeft):
            return None
        try:
            return self._measuring.of_period(order.meter, asked.period, asked.keys)
        except RatingError:
            return None  # usage that quotas covered may run past the period: then it is not told

    def _told(self, meters: tuple[tree.Measured, ...], asked: Asked) -> dict[str, object]:
        """Those of some meters that have a result: they decide nothing of a line, and refuse no bill."""
        found: dict[str, object] = {}
        for node in meters:
            with suppress(RatingError):
                found[node.key] = self._measuring.of_period(node.name, asked.period, asked.keys)
        return found

    def _less(self, charge: tree.Charge, asked: Asked) -> tuple[trace.LessTrace, ...]:
        """What discounts that are spread take off the lines that a tax is on."""
        if charge.word is not tree.LineWord.TAX:
            return ()
        charges = self._tariff.charges
        return tuple(
            trace.LessTrace(charges[line], charges[discount], share)
            for line in lines_on(charge)
            for discount, share in self._ledger.shares(line, asked)
            if share
        )

    def _unused(self, charge: tree.Charge, of: Fed, asked: Asked) -> _Unused | None:
        """What decides what a line comes to that was fed nothing, if that is the same in each of its periods: one that
        came to nothing need not be asked again for each day."""
        line = self._plan.lines[charge.name]
        if not (line.timeless and self._settled) or line.by_record or of[2] or self._lists:
            return None
        return charge.name, tuple(self._value(node, charge, of, asked) for node in line.named)

    def _comes_to_nothing(
        self, charge: tree.Charge, of: Fed, given: tuple[tuple[str, Exact], ...], nothing: Nothing
    ) -> tuple[None, None]:
        """No line; what was given for it is told."""
        if any(amount for _, amount in given):
            key = self._key_texts(charge, of[2])
            self._nothing.append(trace.NothingTrace(charge, of[1], key, given, nothing.on, nothing.share))
        return None, None

    def _may_exceed(self, charge: tree.Charge, of: Fed, asked: Asked) -> bool:
        """Whether a discount of a formula is asked for its amount though there may be nothing to take it from: where
        the lines that it is on stand on the bill, or something that it names was used."""
        if charge.word is not tree.LineWord.DISCOUNT or not isinstance(charge.form, tree.Amount):
            return False
        beside = self._plan.lines[charge.name].beside
        return any(self._value(node, charge, of, asked) for node in beside) or self._shares.any(charge, asked)

    def _kept_away(
        self, facts: LineFacts, condition: trace.ConditionTrace, of: Fed, asked: Asked, by_list: ByList | None
    ) -> tuple[Line | None, trace.ConditionTrace | None]:
        """No line, for its condition does not hold; one of 0 where the list alone asks for it. What was asked for each
        record was told there."""
        charge = facts.charge
        by_record = bool(charge.meters and self._plan.lines[charge.name].by_record)
        if by_list is not None and by_list.alone:
            return self._by_list_alone(facts, condition, of, asked, by_list), None if by_record else condition
        if by_record:
            return None, None
        self._away.append(
            trace.AwayTrace(charge, self._whole(charge, of[1]), self._key_texts(charge, of[2]), condition)
        )
        return None, condition

    def _by_list_alone(
        self, facts: LineFacts, condition: trace.ConditionTrace, of: Fed, asked: Asked, listed: ByList
    ) -> Line:
        """A line of 0 that tells what the list alone asks, and the condition that keeps it away here."""
        charge, made = facts.charge, nothing_billed(facts, condition)
        if charge.word is tree.LineWord.DISCOUNT:
            self._shares.of(charge, 0, asked, listed.alone)  # taxes see what the list takes off
        why = trace.ChargeTrace(
            charge, 0, trace.UnusedTrace(charge.unit), (), made.rounding, condition, period=facts.period
        )
        why = replace(why, contract=listed.told(why, made, 0, self._lists.marks))
        return self._of_trace(why, of, made, NOTHING_BILLED)

    def _uncut(self, charge: tree.Charge, period: Period) -> Period:
        """The whole period, where a change of prices cuts it; only of what is billed by the day, for no other asks."""
        cut = (charge.by_day or charge.minimum_by_day) and not self._cadences[charge.name].alone
        return self._around(charge, period) if cut else self._whole(charge, period)

    def _whole(self, charge: tree.Charge, period: Period) -> Period:
        """The period that is billed; of a line that is billed in advance the one that begins at the instant."""
        return self._around(charge, period) if charge.in_advance else period

    def _around(self, charge: tree.Charge, period: Period) -> Period:
        return self._calendar.period_of(period.start, self._cadences[charge.name])

    def _known(
        self, charge: tree.Charge, period: Period, asked: Asked, marks: Mapping[str, tree.Value]
    ) -> dict[str, object]:
        """What the formulas of a line read but settings, what it was fed, and what it names."""
        known = facts_of(self._plan.lines[charge.name].lengths)(period, self._calendar)
        for name, value in asked.keys.items():
            known[f"key:{name}"] = value
        for name, value in marks.items():
            known[f"tag:{name}"] = value
        known[REACHED] = self.reached
        return known

    def _named(self, charge: tree.Charge, of: Fed, asked: Asked) -> dict[str, object]:
        """The meters, lines and sums that the formulas of a line read."""
        named = self._plan.lines[charge.name].named
        return {node.key: self._value(node, charge, of, asked) for node in named} if named else {}

    def _named_by_list(self, charge: tree.Charge, of: Fed, asked: Asked) -> dict[str, object]:
        """The same by the list alone; None for what is not known."""
        line = self._plan.lines[charge.name]
        named: dict[str, object] = {
            node.key: self._measured(node, charge, of, asked)
            if isinstance(node, tree.Measured)
            else self._ledger.value_by_list(node, charge, asked)
            for node in (*line.named, *line.by_list)
        }
        return named | self._told(line.measured_by_list, asked) if line.measured_by_list else named

    def _value(self, node: tree.Given, charge: tree.Charge, of: Fed, asked: Asked) -> Exact:
        if isinstance(node, tree.Measured):
            return self._measured(node, charge, of, asked)
        return self._ledger.value(node, charge, asked)

    def _measured(self, node: tree.Measured, charge: tree.Charge, of: Fed, asked: Asked) -> Exact:
        """What a line means by the name of a meter, for one of its periods and keys."""
        if self._plan.lines[charge.name].grain(node.name) is Grain.PERIOD:
            return self._measuring.of_period(node.name, asked.period, asked.keys)
        if charge.every.unit is PeriodUnit.READING:
            return self._measuring.of_reading(node.name, of[1], asked.keys)
        record = self._drawing.record(of[3])
        assert record is not None  # a line with the grain of records prices each alone
        return self._measuring.of_record(node.name, record, asked.keys)

    def _key_texts(self, charge: tree.Charge, key: Key) -> tuple[tuple[str, str], ...]:
        meter = self._plan.lines[charge.name].keys_of
        return self._settings.key_names.by(self._tariff.meters[meter], charge.by)[key] if meter and key else ()
