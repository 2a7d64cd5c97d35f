"""Running the expectations of a fixture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ratewright.contracts.contract import Contract
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.formula.interpreter import EvaluationError
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.plan.grains import unsound_figures
from ratewright.plan.plan import Plan
from ratewright.rating.corrections import rate_account
from ratewright.rating.currencies import in_currency_of
from ratewright.rating.named_periods import touched
from ratewright.refusal import RatingError
from ratewright.resolve.expected_figures import outcome_scope, resolve_expectation
from ratewright.resolve.findings import Report
from ratewright.resolve.scope import Scope
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax.parser import parse_expression
from ratewright.trial.billed import Billed
from ratewright.trial.expectations import ask
from ratewright.trial.reach import reached_by
from ratewright.trial.results import Outcome, Status, Trial, status_of
from ratewright.trial.times import months_over, rating
from ratewright.usage.model import Expectation, Usage
from ratewright.values.calendar import Calendar, Period, calendar_of


def run_fixture(
    versions: Sequence[tree.Tariff], usage: Usage, limits: Limits = DEFAULT, contracts: Sequence[Contract] = ()
) -> Trial:
    """Rate a fixture over all months that it touches or expects something of, and ask what it expects.

    `versions` are those of its price list, `contracts` hold beside those that it names itself; the latest list, under
    contract if there is one, says what an expectation may name.
    """
    try:
        plans, usage = Agreed(versions, contracts, limits).of(usage)
        plans = in_currency_of(usage, plans)
    except RatingError as error:
        return _trial(usage, Status.ERROR, [], list(error.diagnostics))
    plan = next((p for p in reversed(plans) if p.tariff.contract is not None and p.tariff.contract.titles), plans[-1])
    tariff = plan.tariff
    calendar = calendar_of(tariff.timezone)
    asked = [_within(expectation, calendar) for expectation in usage.expectations]
    periods = months_over(touched(usage, tariff, calendar), asked, calendar)
    bills, problems = rate_account(plans, usage, periods, limits)
    if usage.expectations and not bills and not problems:
        help = "write `- {period: 2026-03, total: 10 USD}`"
        problems = [Diagnostic("A207", "the fixture tells of no time", Span(usage.source, 0, 0), help)]
    if problems:
        return _trial(usage, Status.ERROR, [], problems)
    if not bills:
        return _trial(usage, status_of([]), [], [])
    billed = Billed(bills, rating(plans, usage, limits))
    labels = {b.lot: b.source for b in usage.balances if b.lot is not None}
    labels |= {p.id: p.package for p in usage.purchases} | {e.id: e.limit for e in usage.extensions}
    scope = outcome_scope(tariff, labels)
    outcomes: list[Outcome] = []
    for expectation, within in zip(usage.expectations, asked, strict=True):
        condition, problems = _condition(expectation, plan, calendar, scope, limits)
        if condition is not None:
            try:
                outcomes.append(_at(expectation, ask(condition, billed.of(within), None)))
            except EvaluationError as error:
                problems = _there(expectation, [error.diagnostic])
            except RatingError as error:
                problems = list(error.diagnostics)
        if problems:
            return _trial(usage, Status.ERROR, outcomes, problems)
    return _trial(usage, status_of(outcomes), outcomes, [], reached_by(bills))


def _within(expectation: Expectation, calendar: Calendar) -> Period | None:
    if expectation.start is None or expectation.end is None:
        return None
    return Period(calendar.instant(expectation.start), calendar.instant(expectation.end))


def _condition(
    expectation: Expectation, plan: Plan, calendar: Calendar, scope: Scope, limits: Limits
) -> tuple[tree.Expression | None, list[Diagnostic]]:
    """What is expected, as a condition; None with the reasons where its words mean nothing."""
    tariff = plan.tariff
    text = f"{expectation.subject} == {expectation.value}"
    node, problems = parse_expression(Source(expectation.place.source.name, text), limits)
    if node is None:
        return None, _there(expectation, problems)
    report = Report()
    condition = resolve_expectation(node, scope, Expressions(report, tariff.units, calendar))
    problems = report.diagnostics or list(unsound_figures(condition, plan))
    return (None if problems else condition), _there(expectation, problems)


def _there(expectation: Expectation, problems: list[Diagnostic]) -> list[Diagnostic]:
    """Problems at the line of the fixture that brought them."""
    return [Diagnostic(d.code, d.message, expectation.place.span, d.help) for d in problems]


def _at(expectation: Expectation, outcome: Outcome) -> Outcome:
    return replace(outcome, line=expectation.place.line)


def _trial(
    usage: Usage,
    status: Status,
    outcomes: list[Outcome],
    problems: list[Diagnostic],
    reached: frozenset[Span] = frozenset(),
) -> Trial:
    given = (f"{len(usage.records):,} records", f"{len(usage.purchases) + len(usage.extensions):,} purchases")
    return Trial(usage.source.name, usage.line, usage.account, status, given, tuple(outcomes), tuple(problems), reached)
