"""Figures, times and names as the reader of one bill sees them; what the words templates call `say`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy

from ratewright.derivation.figure_texts import figure_texts
from ratewright.derivation.trace import Arithmetic, Reading, RuleTried, SourceTrace
from ratewright.derivation.value_texts import value_text
from ratewright.diagnostics import Span
from ratewright.explain.wording.lot_phrases import Lots
from ratewright.explain.wording.own_amounts import OwnAmounts
from ratewright.explain.wording.price_phrases import Prices
from ratewright.explain.wording.steps import steps
from ratewright.explain.wording.time_phrases import Times, listed
from ratewright.explain.wording.titles import Names, plain_words, title_of, without_comments
from ratewright.explain.wording.word_templates import clean, wording
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind, Type
from ratewright.meaning.walk import given_in
from ratewright.rating.bill import Bill, Line
from ratewright.values.calendar import Calendar, Period
from ratewright.values.exact import Exact, exact, grouped, ratio
from ratewright.values.money import minor_digits
from ratewright.values.readable import is_cut, number_text
from ratewright.values.units import Dimension, Unit, in_unit
from ratewright.values.writing import ENGLISH, writing

_NAMED = 3
_CHOOSES = re.compile(r"(?<![\w\"])if\b")


class Phrases(Prices, Times, Lots):
    """The way one bill's figures are written: in its currency, its units and its timezone. `bill` is the one that is
    explained, where it is one."""

    __slots__ = (
        "_amounts",
        "_decimals",
        "_figures",
        "_meant",
        "_names",
        "_own",
        "bill",
        "calendar",
        "currency",
        "in_full",
        "period",
        "subtotal_paid",
        "tariff",
    )

    def __init__(
        self,
        tariff: tree.Tariff,
        calendar: Calendar,
        period: Period,
        *,
        subtotal_paid: bool = False,
        in_full: bool = True,
        bill: Bill | None = None,
    ) -> None:
        self.tariff = tariff
        self.calendar = calendar
        self.period = period
        self.currency = tariff.currency
        self._decimals = minor_digits(tariff.currency) or 0
        self._figures = figure_texts(tariff)
        self._names = Names(tariff)
        self._amounts = OwnAmounts(tariff.currency, tariff.currencies)
        self._meant: Mapping[str, str] = {}
        self._own: frozenset[str] = frozenset()
        self.subtotal_paid = subtotal_paid
        self.in_full = in_full
        self.bill = bill

    def where(self, own: frozenset[str], meant: Mapping[str, str]) -> Phrases:
        """The same for formulas of one place, in which names mean something else than in the rest of the bill.

        `own` are names of the place: of a field or a step, whatever else is called so. `meant` has what others mean,
        with `{}` for the name: `{} so far`.
        """
        if not own and not meant:
            return self
        other = copy(self)
        other._own = (self._own | own) - meant.keys()
        other._meant = {**self._meant, **meant}
        return other

    # figures

    def money(self, amount: Exact) -> str:
        """`1,650.00 USD`."""
        return writing().money(self.amount(amount), self.currency)

    def amount(self, amount: Exact) -> str:
        """`1,650.00`, where the currency is told beside it."""
        return number_text(amount, self._decimals)

    def quantity(self, value: Exact, unit: Unit) -> str:
        """A figure in base units with its unit: `9,950 pics`; as an amount where the unit is the currency."""
        if unit.singular == self.currency:
            return self.money(value)
        shown = in_unit(value, unit)
        if not unit.singular:
            return number_text(shown)
        return writing().quantity(number_text(shown), unit.singular if shown == 1 else unit.plural)

    def number(self, value: Exact, unit: Unit) -> str:
        """A figure in base units; of things that are counted only how many."""
        return number_text(value) if unit.counted and unit.scale == 1 else self.quantity(value, unit)

    def count(self, value: int, singular: str, plural: str = "") -> str:
        """`1 lot`, `12 lots`."""
        return f"{number_text(value)} {singular if value == 1 else plural or singular + 's'}"

    def plural(self, value: Exact, *, other: str, **forms: str) -> str:
        """The form of a word for a number, by the rules of the language: `one`, `few`, `many`, `other`."""
        return forms.get(writing().form(number_text(value)), other)

    def plain(self, value: Exact) -> str:
        """A number without a unit."""
        return number_text(value)

    def counted(self, number: Exact, unit: Unit) -> str:
        """So many of a unit: `1 minute`, `1.7692 GB`."""
        return writing().quantity(number_text(number), unit.singular if number == 1 else unit.plural)

    def inexact(self, value: Exact, unit: Unit) -> bool:
        """Whether `quantity` cuts the figure's decimals."""
        return is_cut(in_unit(value, unit))

    def ratio(self, value: Exact, unit: Unit) -> str:
        """The figure without any decimals cut, as a ratio where they do not end."""
        number = grouped(in_unit(value, unit))
        return writing().quantity(number, unit.plural) if unit.plural else number

    def cut(self, amount: Exact) -> bool:
        """Whether `money` cuts the amount's decimals."""
        return is_cut(amount)

    def fraction(self, number: Exact) -> str:
        """The number without any decimals cut, as a ratio where they do not end."""
        return grouped(number)

    def percent(self, share: Exact) -> str:
        """`80%`."""
        return writing().percent(number_text(exact(share * 100)))

    def each(self, amount: Exact, count: int) -> Exact:
        """One part of several equal ones."""
        return ratio(amount, count)

    def multiple(self, value: Exact, of: Exact) -> str:
        """How many times `of` the value is."""
        return number_text(ratio(value, of))

    def figure(self, value: Exact, dimension: Dimension, unit: Unit | None = None) -> str:
        """A figure of any dimension, in the unit that the price list uses for such; in `unit` if one is given."""
        return self._figures.text(value, dimension, unit)

    def value(self, value: tree.Value, type_: Type, unit: Unit | None) -> str:
        """What a formula came to: a figure, in `unit` if one is given, a text, `on`, a date."""
        if type_.kind is Kind.FIGURE:
            assert isinstance(value, Exact)
            return self.figure(value, type_.dimension, unit)
        return clean(value_text(value, type_, None, self.calendar))

    def ordinal(self, number: int) -> str:
        """`1st`, `202nd`, `4,013th`."""
        return wording("listing", "ordinal", number, self)

    # formulas

    def flat(self, readings: tuple[Reading, ...]) -> list[Reading]:
        """What a formula read, each followed by what was read for it, and each once."""
        return steps(readings, inside_first=False)

    def nested(self, readings: tuple[Reading, ...]) -> list[Reading]:
        """The named formulas and values of tables that were read for those that a formula names itself, each behind
        what it was worked out of."""
        inside = tuple(one for reading in readings if reading.how is not None for one in reading.how.readings)
        return [one for one in steps(inside, inside_first=True) if one.how is not None and one not in readings]

    def named_formula(self, reading: Reading) -> str:
        """The arithmetic of a named formula; nothing for a value that is no formula."""
        how = reading.how
        return "" if how is None or how.filled in (reading.name, reading.text) else self.filled(how)

    def same(self, filled: str, text: str) -> bool:
        """Whether a formula with its values put in is the formula as it stands."""
        return filled == writing().figures(self.joined(text))

    def formula(self, text: str) -> str:
        """A formula as the rule file has it, on one line and without comments."""
        return clean(self._amounts.of(self.joined(without_comments(text))))

    def filled(self, how: Arithmetic) -> str:
        """A formula with the values put in that it read."""
        text = self._amounts.named(how.filled)
        of_table = text.partition("[")[0].isidentifier() and text.count("[") == 1
        a_name = not self.in_full and text.isidentifier()
        return self._names.of(text) if of_table or a_name else clean(text)

    def called(self, name: str) -> str:
        """What a formula reads, by its title, where no formula is quoted."""
        return self._in_place(name, plain_words(name) if name in self._own else self._names.of(name))

    def as_written(self, name: str) -> str:
        """What a formula that is quoted reads, by its name in the rule file; with its title, if that is another."""
        title = "" if name in self._own else self._names.title(name)
        same = title.casefold() == plain_words(name).casefold()
        return self._in_place(name, clean(f"{name} ({title})" if title and not same else name))

    def _in_place(self, name: str, called: str) -> str:
        return self._meant.get(name, "{}").replace("{}", called)

    def is_quoted(self, text: str) -> bool:
        """Whether a formula is quoted: one that chooses at full length only, for else its arithmetic says enough."""
        return self.in_full or _CHOOSES.search(text) is None

    def is_made_of_names(self, how: Arithmetic) -> bool:
        """Whether a formula reads named formulas, without which its arithmetic says little: `207 USD = 207 USD`."""
        return any(reading.how is not None and "[" not in reading.name for reading in how.readings)

    def summed_names(self, how: Arithmetic) -> str:
        """The titles of what a formula adds up, if it does no more and is not to be quoted: `calls, storage and
        traffic`."""
        names = [part.strip() for part in how.text.split("+")]
        plain = len(names) > 1 and names == [reading.name for reading in how.readings if reading.how is None]
        return listed([self._line_called(name) for name in names]) if plain and not self.in_full else ""

    def _line_called(self, name: str) -> str:
        """A line, where only lines can be meant, or anything else that is called so."""
        line = self.tariff.charges.get(name)
        return self.called(name) if line is None else self._in_place(name, title_of(line, self.tariff))

    def is_rounded_rest(self, formula: tree.Expression) -> bool:
        """Whether a formula rounds what is left of one meter, and is not to be quoted."""
        return not self.in_full and isinstance(formula, tree.Rounded) and isinstance(formula.operand, tree.MeterLeft)

    def has_names(self, how: Arithmetic) -> bool:
        """Whether a formula reads something of which the formula and its arithmetic do not tell what it is."""
        return any(reading.how is not None or self.as_written(reading.name) != reading.name for reading in how.readings)

    def fixed(self, formula: tree.Expression) -> bool:
        """Whether a formula is a figure as it stands."""
        return isinstance(formula, tree.Constant)

    def is_choice(self, formula: tree.Expression) -> bool:
        """Whether a formula chooses by a condition."""
        while isinstance(formula, tree.Defined):
            formula = formula.expression
        return isinstance(formula, tree.Choose)

    def is_number(self, formula: tree.Expression) -> bool:
        """Whether a formula gives a number without a unit."""
        return formula.type.is_number

    def plain_sum(self, meter: tree.Meter) -> bool:
        """Whether a meter just adds up the quantities of its records."""
        return isinstance(meter.each, tree.RecordFact) and meter.each.name == "quantity"

    def by_rule(self, meter: tree.Meter) -> bool:
        """Whether a meter adds up something else of each record than its quantity."""
        return meter.each is not None and not self.plain_sum(meter)

    def asks_use(self, tried: RuleTried) -> bool:
        """Whether a refund rule asks only whether anything was drawn."""
        condition = tried.rule.condition
        return condition is not None and {node.name for node in given_in(condition)} == {"unused"}

    def only_names(self, how: Arithmetic) -> bool:
        """Whether a formula is just the name of something: a table with its keys, a setting."""
        return len(how.readings) == 1 and how.filled == how.readings[0].text

    # names and places

    def listed(self, words: Sequence[str]) -> str:
        """`a, b and c`; nothing for none."""
        return listed(words)

    def price_lists(self, bills: tuple[Bill, ...]) -> str:
        """What consecutive bills were billed by: `Cloud, price lists of 2025-01-01 and 2026-02-01`."""
        found: dict[str, list[str]] = {}
        for tariff in (bill.tariff for bill in bills):
            days = found.setdefault(title_of(tariff, tariff), [])
            if tariff.effective is not None and (day := self.date(tariff.effective)) not in days:
                days.append(day)
        return "; ".join(wording("statement", "price_list", title, days, self) for title, days in found.items())

    def title(self, node: object) -> str:
        """A declaration's title, or its name as plain words."""
        return title_of(node, self.tariff)

    def label_of(self, line: Line) -> str:
        """What a line is called: by the title that its declaration has in the language of now."""
        titles = self.tariff.titles.get(line.source)
        own = titles.get(writing().language) if titles and line.label == self._declared(line.source) else None
        return clean(own or line.label)

    def _declared(self, name: str) -> str:
        tariff = self.tariff
        for declared in (tariff.charges, tariff.pools, tariff.limits, tariff.meters):
            if name in declared:
                return declared[name].title
        return ""

    def named(self, name: str) -> str:
        """The title of whatever the rule file calls `name`, or the name as plain words."""
        tariff = self.tariff
        for declared in (tariff.settings, tariff.meters, tariff.pools, tariff.charges, tariff.limits):
            if name in declared:
                return title_of(declared[name], tariff)
        return clean(name if "[" in name else plain_words(name))

    def key(self, key: tuple[tuple[str, str], ...]) -> str:
        """What a line is kept apart by: `Europe, standard`."""
        return wording("listing", "beside", [self._key_text(name, value) for name, value in key])

    def _key_text(self, name: str, value: str) -> str:
        """A value that usage is kept apart by: a text as it is, anything else as this language writes it."""
        if writing() is ENGLISH:
            return value
        known = [(tag.name, tag.type) for meter in self.tariff.meters.values() for tag in meter.tags]
        known += [(scope.name, scope.type) for pool in self.tariff.pools.values() for scope in pool.scope]
        own = plain_words(name)  # a line has the name in plain words, a lot as the list has it
        kinds = {type_.kind for each, type_ in known if plain_words(each) == own}
        if kinds == {Kind.FLAG}:
            return writing().value(value)
        return value if Kind.TEXT in kinds or not kinds else writing().figures(value)

    def drawing_from(self, pool: tree.Pool) -> list[str]:
        """What a pool pays for: the meters, lines and sums whose order names it."""
        deductions = self.tariff.deductions.items()
        return [name for name, deduction in deductions if any(pool.name in rank for rank in deduction.pools)]

    def sharing(self, source: SourceTrace) -> str:
        """The other meters that draw from a pool: `sent and received`, or how many where they are many."""
        others = [name for name in self.drawing_from(source.pool) if name != source.meter.name]
        if len(others) > _NAMED:
            return wording("source", "others", len(others), self)
        return self.listed(list(map(self.named, others)))

    def draws(self, pool: tree.Pool) -> str:
        """Which lot comes first: `soonest expiry, then oldest purchase`."""
        return wording("source", "draws", pool.draws)

    def order(self, deduction: tree.Deduction) -> str:
        """The sources of a meter in the order in which they pay."""
        ranks = [[self.named(name) for name in rank] for rank in deduction.pools]
        return wording("meter", "order", [*ranks, *([self.named(name)] for name in deduction.charges)], self)

    def keys_of(self, meter: tree.Meter) -> list[tuple[str, str]]:
        """What a meter is kept apart by through a formula, each with it: (`tariff time`, `if … then …`)."""
        found = []
        for tag in meter.tags:
            node = tag.expression
            while isinstance(node, tree.Defined):
                node = node.expression
            if tag.name in meter.by and not isinstance(node, tree.FieldValue):
                found.append((clean(tag.name), self.formula(node.span.text)))
        return found

    def read_by_others(self, meter: tree.Meter) -> bool:
        """Whether other meters read the same records: what one leaves out, another may count."""
        own = meter.reads or meter.name
        return any(m.name != meter.name and (m.reads or m.name) == own for m in self.tariff.meters.values())

    def charged(self, line: tree.Charge) -> str:
        """How often a line is charged: `charged every month, billed every day`."""
        return wording("charge", "charged", line, self)

    def often(self, line: tree.Charge) -> str:
        """For which periods a line is: `every month`, `every month from activation`, `every month on day own_day`."""
        return wording("charge", "often", line, self)

    def joined(self, text: str) -> str:
        """The text on one line."""
        return " ".join(text.split())

    def place(self, span: Span) -> str:
        """`rules/price_list.tariff:45`."""
        return span.place

    def written(self, span: Span) -> str:
        """The rule as the file has it, on one line and without comments."""
        return self.formula(span.text)
