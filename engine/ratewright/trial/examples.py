"""Running the examples of a rule file."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.contracts.contract import Contract
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Diagnostic, Span
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan, plan_of
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import touched
from ratewright.refusal import RatingError
from ratewright.syntax import nodes as s
from ratewright.trial.billed import Billed
from ratewright.trial.expectations import ask
from ratewright.trial.inputs import example_usage
from ratewright.trial.reach import reached_by
from ratewright.trial.results import Outcome, Status, Trial, status_of
from ratewright.trial.times import asked_period, months_over, rating
from ratewright.usage.model import Usage
from ratewright.values.calendar import Calendar, Period, calendar_of


def run_examples(tariff: tree.Tariff, limits: Limits = DEFAULT) -> list[Trial]:
    """Every example of a rule file, in its order; each by the list in its own currency."""
    return [run_example(example, (plan_of(own),), own, limits) for example, own in _in_turn(tariff)]


def run_contract(contract: Contract, versions: Sequence[tree.Tariff], limits: Limits = DEFAULT) -> list[Trial]:
    """Every example of a contract, billed by its list with it. Raises RatingError where the two do not fit."""
    lists = Agreed(versions, (contract,), limits).stretches((contract,))
    under = next((x for x in reversed(lists) if x.contract is not None and x.contract.titles), lists[-1])
    plans = tuple(map(plan_of, lists))
    return [run_example(example, plans, own, limits) for example, own in _in_turn(under)]


def _in_turn(tariff: tree.Tariff) -> list[tuple[tree.Example, tree.Tariff]]:
    """The examples of a list in their order, each with the list in its own currency."""
    found = [(example, own) for own in tariff.by_currency for example in own.examples]
    return sorted(found, key=lambda pair: pair[0].span.start)


def run_example(example: tree.Example, plans: Sequence[Plan], tariff: tree.Tariff, limits: Limits = DEFAULT) -> Trial:
    """Rate an example over all months that it touches, and ask what it expects; `tariff` is the list that it is of."""
    calendar = calendar_of(tariff.timezone)
    usage = example_usage(example, tariff, calendar)
    bills, problems = rate_account(plans, usage, _periods(example, usage, tariff, calendar), limits)
    refusals = [e for e in example.expectations if isinstance(e, tree.Refusal)]
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
    outcomes = [_refusal(r, problems) for r in refusals]
    billed = Billed(bills, rating(plans, usage, limits)) if bills else None
    try:
        for expectation in example.expectations:
            if isinstance(expectation, tree.Expectation) and billed is not None:
                part = billed.of(asked_period(expectation, calendar))
                outcomes.append(ask(expectation.condition, part, expectation.printed))
    except RatingError as error:
        return _trial(example, Status.ERROR, outcomes, list(error.diagnostics))
    refusing = {span for d in problems for span in (d.span, *(place for _, place in d.related)) if span is not None}
    reached = reached_by(bills) | refusing
    return _trial(example, status_of(outcomes), outcomes, [], reached)


def _periods(example: tree.Example, usage: Usage, tariff: tree.Tariff, calendar: Calendar) -> list[Period]:
    """All months from the first to the last that the usage or an expectation touches."""
    asked = [asked_period(e, calendar) for e in example.expectations if isinstance(e, tree.Expectation)]
    return months_over(touched(usage, tariff, calendar), asked, calendar)


def _refusal(refusal: tree.Refusal, problems: list[Diagnostic]) -> Outcome:
    messages = [d.message for d in problems]
    holds = any(refusal.text.lower() in message.lower() for message in messages)
    got = "; ".join(messages) if messages else "a bill"
    return Outcome("refused", refusal.text, got, holds, refusal.span.line)


def _trial(
    example: tree.Example,
    status: Status,
    outcomes: list[Outcome],
    problems: list[Diagnostic],
    reached: frozenset[Span] = frozenset(),
) -> Trial:
    given = tuple(" ".join(x.span.text.split()) for x in example.inputs if not isinstance(x, s.Cite))
    span = example.span
    return Trial(span.source.name, span.line, example.name, status, given, tuple(outcomes), tuple(problems), reached)
