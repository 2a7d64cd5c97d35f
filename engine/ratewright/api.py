"""The Python interface: load a price list, read an account's usage, get a bill that explains itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ratewright.checks.run import check, read_rules
from ratewright.contracts.contract import Contract, read_contract
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Diagnostic, RatewrightError, Source, errors_in
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning.nodes import Tariff as Rules
from ratewright.plan.plan import Plan
from ratewright.rating import bill as made
from ratewright.rating import walk as rating
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months, named, spanned
from ratewright.rating.versions import in_order
from ratewright.refusal import RatingError
from ratewright.usage.model import Usage
from ratewright.values.calendar import Period, calendar_of
from ratewright.values.exact import Exact, decimals_of, to_decimal
from ratewright.values.money import amount_plain
from ratewright.values.units import in_unit

if TYPE_CHECKING:
    from ratewright.comparison import parts as compared
    from ratewright.comparison.side import Side
    from ratewright.trial.results import Trial

Format = Literal["text", "markdown", "html", "json"]
Detail = Literal["short", "normal", "full"]
Figure = Decimal | Fraction
"""An exact figure: a Decimal, or a Fraction where its decimals do not end."""


def _money(amount: Exact, currency: str) -> Figure:
    """An amount with at least the decimals of its currency: 796.00."""
    return Decimal(amount_plain(amount, currency)) if decimals_of(amount) is not None else Fraction(amount)


def _figure(value: Exact) -> Figure:
    return to_decimal(value) if decimals_of(value) is not None else Fraction(value)


@dataclass(frozen=True)
class Line:
    """One line of a bill. `quantity` is in `unit`; `amount` and `exact` (before rounding) are in the currency.

    `key` is what its usage is kept apart by, as pairs of a name and a value; `list_amount` is set where a contract
    makes a difference: what the list alone asks for the same usage.
    """

    kind: str
    source: str
    label: str
    quantity: Figure
    unit: str
    amount: Figure
    exact: Figure
    rule: str
    key: tuple[tuple[str, str], ...] = ()
    list_amount: Figure | None = None


@dataclass(frozen=True)
class Bill:
    """What an account owes for one period. `details` is the engine's own bill with the whole trace."""

    details: made.Bill

    @property
    def account(self) -> str:
        return self.details.account

    @property
    def currency(self) -> str:
        return self.details.tariff.currency

    @property
    def total(self) -> Figure:
        return _money(self.details.total, self.currency)

    @property
    def charges(self) -> Figure:
        """The charges, with what was bought and given back."""
        return _money(self.details.charges, self.currency)

    @property
    def subtotal(self) -> Figure:
        """The charges less the discounts."""
        return _money(self.details.subtotal, self.currency)

    @property
    def due(self) -> Figure:
        """What is left of the total after quotas of money have paid."""
        return _money(self.details.due, self.currency)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(_line(line, self.currency) for line in self.details.lines)

    def explain(self, format: Format = "text", detail: Detail = "normal", language: str = "en") -> str:
        """Why the bill is what it is, as text, Markdown, a self-contained HTML page, or JSON.

        In English, or in another `language`: `de`, `zh-Hans`. Raises RatewrightError for one that there is not.
        """
        from ratewright.explain.render import render

        return render(self.details, format, detail, language=language)

    def pdf(
        self, detail: Detail = "normal", *, style: str | Path | None = None, logo: str | Path | None = None
    ) -> bytes:
        """Why the bill is what it is, as a PDF document, with CSS and a logo of one's own from files.

        Raises RatewrightError where the extra `pdf` is missing, or a file cannot stand in a page.
        """
        return _pdf(self.details, detail, style, logo)

    def to_json(self) -> str:
        """The bill as JSON by the schema `ratewright/bill/1`."""
        from ratewright.report.bill_formats import bill_json

        return bill_json(self.details)


@dataclass(frozen=True)
class Statement:
    """The bills of consecutive periods and their sum."""

    details: made.Statement

    @property
    def bills(self) -> tuple[Bill, ...]:
        return tuple(Bill(bill) for bill in self.details.bills)

    @property
    def total(self) -> Figure:
        return _money(self.details.total, self.details.tariff.currency)

    def explain(self, format: Format = "text", detail: Detail = "normal", language: str = "en") -> str:
        """Why the bills are what they are."""
        from ratewright.explain.render import render

        return render(self.details, format, detail, language=language)

    def pdf(
        self, detail: Detail = "normal", *, style: str | Path | None = None, logo: str | Path | None = None
    ) -> bytes:
        """Why the bills are what they are, as a PDF document. Raises RatewrightError as `Bill.pdf` does."""
        return _pdf(self.details, detail, style, logo)

    def to_json(self) -> str:
        """The statement as JSON by the schema `ratewright/statement/1`."""
        from ratewright.report.bill_formats import bill_json

        return bill_json(self.details)


def _pdf(
    details: made.Bill | made.Statement, detail: Detail, style: str | Path | None, logo: str | Path | None
) -> bytes:
    from ratewright.explain.brand.brand_files import read_brand
    from ratewright.explain.render import render_pdf

    return render_pdf(details, detail, brand=read_brand(style, logo))


def _line(line: made.Line, currency: str) -> Line:
    by_list = line.contract.by_list if line.contract is not None else None
    return Line(
        line.kind.value,
        line.source,
        line.label,
        _figure(in_unit(line.quantity, line.unit)),
        line.unit.plural,
        _money(line.amount, currency),
        _money(line.exact, currency),
        line.rule.place,
        line.key,
        _money(by_list, currency) if by_list is not None else None,
    )


@dataclass(frozen=True)
class Comparison:
    """What makes one bill another than a second one. `details` has the parts of the difference."""

    details: compared.Comparison

    @property
    def difference(self) -> Figure:
        """What is due more; below 0 where it is less."""
        return _money(self.details.difference, self.details.sides[1].currency)

    def explain(self, format: Format = "text", detail: Detail = "normal", language: str = "en") -> str:
        """What changed, and why: the parts of the difference, which add up to it."""
        from ratewright.explain.render import render

        return render(self.details, format, detail, language=language)


@dataclass(frozen=True)
class Tariff:
    """A price list that was read and checked. `warnings` are what its author may want to know.

    `versions` are those of a price list that was loaded from several files, and `tree` the latest of them; `contracts`
    hold for the accounts that they name, beside those that an account's data name.
    """

    tree: Rules
    warnings: tuple[Diagnostic, ...] = ()
    versions: tuple[Rules, ...] = ()
    limits: Limits = DEFAULT
    contracts: tuple[Contract, ...] = ()

    @property
    def name(self) -> str:
        return self.tree.name

    @property
    def title(self) -> str:
        return self.tree.title

    def under(self, *paths: str | Path) -> Tariff:
        """The same price list with contracts beside it, each a file. Raises RatewrightError where they do not fit."""
        found: list[Contract] = []
        problems: list[Diagnostic] = []
        for path in paths:
            contract, wrong = read_contract(path, self.limits)
            problems += errors_in(wrong)
            if contract is not None:
                found.append(contract)
        if problems:
            raise RatewrightError(problems)
        made = replace(self, contracts=(*self.contracts, *found))
        try:
            for contract in found:
                made._agreed.stretches((contract,))
        except RatingError as error:
            raise RatewrightError(error.diagnostics) from error
        return made

    def bill(self, usage: Usage, period: str) -> Bill:
        """The bill for a month (`2026-03`) or a day (`2026-03-02`). Raises RatewrightError."""
        bills = self._bills(*self._plans(usage), self._named(period))
        if len(bills) != 1:
            problem = Diagnostic("A207", f"`{period}` is {len(bills)} periods", help="ask `statement` for several")
            raise RatewrightError([problem])
        return Bill(bills[0])

    def statement(self, usage: Usage, first: str | None = None, last: str | None = None) -> Statement:
        """The bills for the months from `first` to `last`, both included; `2026` is all months of a year.

        Without them, for all months that the usage tells of. Raises RatewrightError.
        """
        calendar = calendar_of(self.tree.timezone)
        plans, own = self._plans(usage)
        try:
            versions = [plan.tariff for plan in plans]
            periods = months(first, last or first, calendar) if first else spanned(own, versions, calendar)
        except RatingError as error:
            raise RatewrightError(error.diagnostics) from error
        if not periods:
            raise RatewrightError(
                [Diagnostic("A207", "the account's data tell of no time", help="name the months to bill")]
            )
        return Statement(rating.statement(self._bills(plans, own, periods)))

    def compare(
        self,
        usage: Usage,
        period: str,
        *,
        against_period: str | None = None,
        against_usage: Usage | None = None,
        against: Tariff | None = None,
        method: Literal["in-turn", "shapley"] = "in-turn",
    ) -> Comparison:
        """What makes a bill another than that of a period, of other usage, or by another list. Raises RatewrightError.

        Inputs are exchanged one after the other, or the parts are the mean over all orders (`shapley`).
        """
        from ratewright.comparison.compare import compare

        was = (against or self)._side(against_usage or usage, against_period or period)
        try:
            return Comparison(compare(was, self._side(usage, period), method, self.limits))
        except RatingError as error:
            raise RatewrightError(error.diagnostics) from error

    def _side(self, usage: Usage, period: str) -> Side:
        from ratewright.comparison.side import side_of

        try:
            plans, usage = self._agreed.of(usage)
            return side_of(plans, usage, self._named(period))
        except RatingError as error:
            raise RatewrightError(error.diagnostics) from error

    def test(self) -> list[Trial]:
        """Run the examples of the rule file, and of the contracts beside it."""
        from ratewright.trial.examples import run_contract, run_examples

        own = run_examples(self.tree, self.limits)
        versions = self.versions or (self.tree,)
        return own + [trial for c in self.contracts for trial in run_contract(c, versions, self.limits)]

    @cached_property
    def _agreed(self) -> Agreed:
        return Agreed(self.versions or (self.tree,), self.contracts, self.limits)

    def _named(self, period: str) -> list[Period]:
        try:
            return named(period, calendar_of(self.tree.timezone))
        except RatingError as error:
            raise RatewrightError(error.diagnostics) from error

    def _plans(self, usage: Usage) -> tuple[list[Plan], Usage]:
        """What holds for an account in turn, and its data without what that settles."""
        try:
            return self._agreed.of(usage)
        except RatingError as error:
            raise RatewrightError(error.diagnostics) from error

    def _bills(self, plans: Sequence[Plan], usage: Usage, periods: Sequence[Period]) -> list[made.Bill]:
        bills, problems = rate_account(plans, usage, periods, self.limits)
        if problems:
            raise RatewrightError(problems)
        return bills


def load(path: str | Path, limits: Limits = DEFAULT) -> Tariff:
    """Read and check a rule file. Raises RatewrightError with everything that is wrong with it."""
    source, problems = read_rules(path, limits)
    if source is None:
        raise RatewrightError(problems)
    return _checked(source, limits)


def load_versions(*paths: str | Path, limits: Limits = DEFAULT) -> Tariff:
    """Read the versions of one price list, each a rule file; a period is billed by the one in force at its start.

    Raises RatewrightError with everything that is wrong, also where they overlap or leave a gap.
    """
    loaded: list[Tariff] = []
    problems: list[Diagnostic] = []
    for path in paths:
        try:
            loaded.append(load(path, limits))
        except RatewrightError as error:
            problems += error.diagnostics
    names = sorted({tariff.name for tariff in loaded})
    if len(names) > 1:
        problems.append(Diagnostic("A209", f"the files hold {len(names)} price lists: {', '.join(names)}"))
    if problems or not loaded:
        raise RatewrightError(problems or [Diagnostic("A209", "no rule file is named")])
    try:
        versions = in_order([tariff.tree for tariff in loaded])
    except RatingError as error:
        raise RatewrightError(error.diagnostics) from error
    warnings = tuple(warning for tariff in loaded for warning in tariff.warnings)
    return Tariff(versions[-1], warnings, tuple(versions), limits)


def loads(text: str, name: str = "<text>", limits: Limits = DEFAULT) -> Tariff:
    """Like `load`, from text; `name` is what messages call it."""
    return _checked(Source(name, text), limits)


def _checked(source: Source, limits: Limits) -> Tariff:
    found, diagnostics = check(source, limits)
    if found is None:
        raise RatewrightError([*errors_in(diagnostics)])
    return Tariff(found, tuple(diagnostics), limits=limits)


def read_usage(path: str | Path, limits: Limits = DEFAULT) -> Usage:
    """Read an account's fixture. Raises RatewrightError with everything that is wrong with it."""
    from ratewright.usage import read

    usage, problems = read(path, limits=limits)
    if usage is None:
        raise RatewrightError(problems)
    return usage


__all__ = ["Bill", "Comparison", "Line", "Statement", "Tariff", "Usage", "load", "load_versions", "loads", "read_usage"]
