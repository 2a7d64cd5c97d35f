"""Bills that the tests of explanations share, rated by the engine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from whenever import Date

from ratewright import usage
from ratewright.contracts.contract import contract_of
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Source
from ratewright.meaning.nodes import Example, Expectation, Tariff
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import Bill, Statement
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import touched
from ratewright.rating.walk import rate, statement
from ratewright.resolve.rule_file import resolve
from ratewright.syntax.parser import parse_rules
from ratewright.trial.inputs import example_usage
from ratewright.trial.times import asked_period, months_over
from ratewright.values.calendar import Cadence, Period, PeriodUnit, calendar_of

ROOT = Path(__file__).parents[2]
IMAGES = (ROOT / "rules" / "tencent_hy_image.tariff").read_text(encoding="utf-8")
INPUT = Path(__file__).parent / "input"
LISTS = sorted((ROOT / "rules").rglob("*.tariff"))
FIXTURES = sorted((ROOT / "rules" / "fixtures").glob("*.yaml"))
CASES = sorted(Path(__file__).parent.glob("cases/*.tariff"))
"""Small price lists, one for each group of constructs; the bill of each is that of its example."""


def read_tariff(text: str, name: str) -> Tariff:
    source = Source(name, text)
    file, problems = parse_rules(source)
    assert not problems, problems
    tariff, problems = resolve(file, source, broken=False)
    assert tariff is not None, problems
    return tariff


@cache
def read_list(path: Path) -> Tariff:
    """A bundled list; it is read once for all tests of a process."""
    return read_tariff(path.read_text(encoding="utf-8"), path.name)


def rated(rules: str, name: str, account: str, *months: tuple[int, int]) -> list[Bill]:
    tariff = read_tariff(rules, name)
    read, problems = usage.read(Source("account.yaml", account))
    assert read is not None, problems
    calendar = calendar_of(tariff.timezone)
    monthly = Cadence(PeriodUnit.MONTH)
    periods = [calendar.period_of(calendar.instant(Date(year, month, 1)), monthly) for year, month in months]
    bills, problems = rate_account([plan_of(tariff)], read, periods)
    assert not problems, problems
    return bills


def _account(name: str) -> str:
    return (INPUT / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def plain() -> Bill:
    """The bill that the design sketches: free pics, none prepaid, the rest by use, failed calls left out."""
    return rated(IMAGES, "rules/tencent_hy_image.tariff", _account("plain"), (2026, 3))[0]


@cache
def busy() -> tuple[Bill, ...]:
    """Two months with everything: several lots, refunds granted and refused, waiting, unserved usage."""
    return tuple(rated(IMAGES, "rules/tencent_hy_image.tariff", _account("busy"), (2026, 2), (2026, 3)))


@cache
def parts() -> Bill:
    """Every price form, bounds, rounding and a formula."""
    rules = (INPUT / "parts.tariff").read_text(encoding="utf-8")
    return rated(rules, "parts.tariff", _account("parts"), (2026, 3))[0]


@cache
def late() -> Bill:
    """A month that corrects the one before, of which some usage was reported late."""
    rules = (INPUT / "late.tariff").read_text(encoding="utf-8")
    return rated(rules, "late.tariff", _account("late"), (2026, 3))[0]


@cache
def both() -> Statement:
    return statement(busy())


@cache
def case(name: str) -> Bill:
    """The bill of a case for the month in which its example uses something last."""
    path = next(path for path in CASES if path.stem == name)
    tariff = read_tariff(path.read_text(encoding="utf-8"), path.name)
    tariff = next(own for own in tariff.by_currency if own.examples)
    calendar = calendar_of(tariff.timezone)
    usage = example_usage(tariff.examples[0], tariff, calendar)
    last = max(calendar.instant(record.start) for record in usage.records)
    bills, problems = rate(plan_of(tariff), usage, [calendar.period_of(last, Cadence(PeriodUnit.MONTH))])
    assert not problems, problems
    return bills[0]


def of_example(example: Example, tariff: Tariff) -> list[Bill]:
    """The bills of an example over all months that it touches; none where it expects a refusal."""
    calendar = calendar_of(tariff.timezone)
    account = example_usage(example, tariff, calendar)
    asked = [asked_period(each, calendar) for each in example.expectations if isinstance(each, Expectation)]
    periods = months_over(touched(account, tariff, calendar), asked, calendar)
    return rate_account([plan_of(tariff)], account, periods)[0]


def of_fixture(path: Path, tariff: Tariff) -> list[Bill]:
    """The bills of an account over all months that it tells of."""
    read, problems = usage.read(Source(path.name, path.read_text(encoding="utf-8")))
    assert read is not None, problems
    calendar = calendar_of(tariff.timezone)
    bills, problems = rate_account([plan_of(tariff)], read, months_over(touched(read, tariff, calendar), [], calendar))
    assert not problems, problems
    return bills


@cache
def contract() -> Bill:
    """A bill under a contract that changes a bound, a row, a size and a line, and adds and drops one."""
    return under_contract((INPUT / "contract.tariff").read_text(encoding="utf-8"))


def under_contract(rules: str) -> Bill:
    """The same bill by a list that is written otherwise."""
    tariff = read_tariff(rules, "contract.tariff")
    text = (INPUT / "acme.contract").read_text(encoding="utf-8")
    found, problems = contract_of(Source("acme.contract", text))
    assert found is not None, problems
    read, _ = usage.read(Source("account.yaml", _account("contract")))
    assert read is not None
    plans, read = Agreed((tariff,), (found,)).of(read)
    bills, problems = rate_account(plans, read, months_over([], [april(tariff)], calendar_of("UTC")))
    assert not problems, problems
    return bills[0]


def april(tariff: Tariff) -> Period:
    calendar = calendar_of(tariff.timezone)
    return calendar.period_of(calendar.instant(Date(2026, 4, 1)), Cadence(PeriodUnit.MONTH))


def all_bills() -> dict[str, Bill]:
    cases = {path.stem: case(path.stem) for path in CASES}
    return {
        "plain": plain(),
        "busy-february": busy()[0],
        "busy-march": busy()[1],
        "parts": parts(),
        "late": late(),
        "contract": contract(),
        **cases,
    }
