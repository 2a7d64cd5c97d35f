"""Running the examples of a rule file."""

from __future__ import annotations

from ratewright.diagnostics import Diagnostic
from ratewright.limits import DEFAULT, Limits
from ratewright.rating.account import rate
from ratewright.rating.bill import Bill
from ratewright.rating.periods import MONTH, spanned
from ratewright.syntax import nodes as s
from ratewright.tree import nodes as tree
from ratewright.tree.evaluate import EvaluationError
from ratewright.trial.expectations import ask
from ratewright.trial.inputs import InputError, example_usage
from ratewright.trial.results import Outcome, Status, Trial, status_of
from ratewright.values.calendar import Cadence, Calendar, Period, PeriodUnit, calendar_of


def run_examples(tariff: tree.Tariff, limits: Limits = DEFAULT) -> list[Trial]:
    """Every example of a rule file, in its order."""
    return [run_example(example, tariff, limits) for example in tariff.examples]


def run_example(example: tree.Example, tariff: tree.Tariff, limits: Limits = DEFAULT) -> Trial:
    """Rate an example over all months that it touches, and ask what it expects."""
    calendar = calendar_of(tariff.timezone)
    try:
        usage = example_usage(example, tariff, calendar)
        bills, problems = rate(tariff, usage, spanned(usage, calendar) or _asked(example, calendar), limits)
    except InputError as error:
        bills, problems = [], [Diagnostic("A208", str(error), error.statement.span, error.help)]
    refusals = [e for e in example.expectations if isinstance(e, tree.Refusal)]
    outcomes = [_refusal(r, problems) for r in refusals]
    if problems and not refusals:
        return _trial(example, Status.ERROR, [], problems)
    if not bills and not problems:
        nothing = Diagnostic(
            "A208",
            "the example says no time for anything",
            example.span,
            "use, buy or expect something in a month",
        )
        return _trial(example, Status.ERROR, [], [nothing])
    if bills:
        try:
            outcomes += [_outcome(e, bills, calendar) for e in example.expectations if isinstance(e, tree.Expectation)]
        except EvaluationError as error:
            return _trial(example, Status.ERROR, outcomes, [error.diagnostic])
    return _trial(example, status_of(outcomes), outcomes, [])


def _asked(example: tree.Example, calendar: Calendar) -> list[Period]:
    """The months that the expectations name, for an example without usage."""
    times = [e.at for e in example.expectations if isinstance(e, tree.Expectation) and e.at is not None]
    return sorted({calendar.period_of(calendar.instant(t.moment), MONTH) for t in times})


def _outcome(expectation: tree.Expectation, bills: list[Bill], calendar: Calendar) -> Outcome:
    within = None
    if expectation.at is not None:
        unit = PeriodUnit.MONTH if expectation.at.month else PeriodUnit.DAY
        within = calendar.period_of(calendar.instant(expectation.at.moment), Cadence(unit))
    return ask(expectation.condition, bills, within, expectation.printed)


def _refusal(refusal: tree.Refusal, problems: list[Diagnostic]) -> Outcome:
    messages = [d.message for d in problems]
    holds = any(refusal.text.lower() in message.lower() for message in messages)
    got = "; ".join(messages) if messages else "a bill"
    return Outcome("refused", refusal.text, got, holds, refusal.span.line)


def _trial(example: tree.Example, status: Status, outcomes: list[Outcome], problems: list[Diagnostic]) -> Trial:
    given = tuple(" ".join(x.span.text.split()) for x in example.inputs if not isinstance(x, s.Cite))
    span = example.span
    return Trial(span.source.name, span.line, example.name, status, given, tuple(outcomes), tuple(problems))
