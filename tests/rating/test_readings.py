"""What formulas read, and their arithmetic: only what was evaluated, with the values as readers see them."""

import pytest

from ratewright.derivation.trace import Arithmetic, FormulaTrace
from ratewright.diagnostics import Source
from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import named
from ratewright.rating.walk import rate
from ratewright.resolve.rule_file import resolve
from ratewright.syntax.parser import parse_rules
from ratewright.usage import read
from ratewright.values.calendar import calendar_of

RULES = """tariff r "R" {{ currency USD;  timezone "UTC";  bytes by 1000 }}
unit user, users
setting plan one of free, pro = pro
setting seats "paid seats" in users = 30 users
setting country text = "japan"
setting bonus = off
table terms by plan {{
         fee      included
  free   0 USD    5 users
  pro    25 USD   20 users
}}
table region_of by country {{ germany EU;  japan or korea AP }}
table price by volume, region in USD/GB {{
                 EU    AP
  below 10 GB  0.10  0.12
  beyond       0.05  0.06
}}
define fixed = 2 * 3
define extra = max(seats - terms[plan].included, 0 users)
define twice = extra * 2
meter traffic in GB
charge fee {{ every month;  amount {formula} }}
charge other {{ every month;  amount 10 USD }}
"""
ACCOUNT = "account: a\nusage:\n  - {meter: traffic, in: 2026-03, quantity: 12 GB}\n"


def arithmetic(formula: str, account: str = ACCOUNT) -> Arithmetic:
    source = Source("r.tariff", RULES.format(formula=formula))
    file, problems = parse_rules(source)
    assert not problems, problems
    tariff, problems = resolve(file, source, broken=False)
    assert tariff is not None, problems
    usage, problems = read(Source("a.yaml", account))
    assert usage is not None, problems
    bills, problems = rate(plan_of(tariff), usage, named("2026-03", calendar_of("UTC")))
    assert not problems, problems
    (why,) = [line.why for line in bills[0].lines if line.source == "fee"]
    assert isinstance(why.price, FormulaTrace)
    return why.price.how


@pytest.mark.parametrize(
    ("formula", "filled"),
    [
        ("other * 2", "10.00 USD × 2"),
        ("12% of other", "12% of 10.00 USD"),
        ("traffic * 0.01 USD/GB", "12 GB × 0.01 USD/GB"),
        ("terms[plan].fee", "25.00 USD"),
        ("price[traffic, region_of[country]] * traffic", "0.06 USD/GB × 12 GB"),
        ("if plan == pro then other else terms[plan].fee", "10.00 USD"),
        ("(if plan == free then other else other + 1 USD) * 2", "(10.00 USD + 1 USD) × 2"),
        ("max(terms[plan].fee - other * 2, 0 USD)", "max(25.00 USD - 10.00 USD × 2, 0 USD)"),
        ("max(0 USD - other, other - 1 USD)", "max(0 USD - 10.00 USD, 10.00 USD - 1 USD)"),
        ("fixed * other", "6 × 10.00 USD"),
        ("twice * 0.50 USD/user", "20 users × 0.50 USD/user"),
        ("round up (traffic / 5 GB) * 1 USD", "round up (12 GB / 5 GB) × 1 USD"),
        ("1 USD * days(period) / 31", "1 USD × 31 / 31"),
        ("length(period) / 1 day * 1 USD", "31 days / 1 day × 1 USD"),
    ],
)
def test_the_values_are_put_in(formula: str, filled: str) -> None:
    assert arithmetic(formula).filled == filled


@pytest.mark.parametrize(
    ("formula", "readings"),
    [
        ("other * 2", {"other": "10.00 USD"}),
        ("seats * 1 USD/user", {"seats": "30 users"}),
        ("terms[plan].fee", {"terms[pro].fee": "25.00 USD"}),
        ("price[traffic, region_of[country]] * traffic", {"price[12 GB, AP]": "0.06 USD/GB", "traffic": "12 GB"}),
        ("if plan == pro and bonus then other else 1 USD", {"plan": "pro", "bonus": "off"}),
        ("if plan == free and bonus then other else 1 USD", {"plan": "pro"}),
        ("if plan == pro or bonus then other else 1 USD", {"plan": "pro", "other": "10.00 USD"}),
        ("fixed * other", {"fixed": "6", "other": "10.00 USD"}),
        ("days(period) * 1 USD", {"days(period)": "31"}),
    ],
)
def test_only_what_was_evaluated_is_read(formula: str, readings: dict[str, str]) -> None:
    assert {reading.name: reading.text for reading in arithmetic(formula).readings} == readings


def test_a_branch_not_taken_is_not_asked() -> None:
    assert arithmetic("if traffic > 1 TB then other / (traffic - 12 GB) * 1 GB else other").filled == "10.00 USD"


def test_a_named_formula_tells_its_own_arithmetic() -> None:
    (twice,) = arithmetic("twice * 0.50 USD/user").readings
    (extra,) = twice.how.readings

    assert (twice.name, twice.text, twice.how.text, twice.how.filled) == (
        "twice",
        "20 users",
        "extra * 2",
        "10 users × 2",
    )
    assert extra.how.filled == "max(30 users - 20 users, 0 users)"
    assert [reading.name for reading in extra.how.readings] == ["seats", "terms[pro].included"]


def test_a_value_of_a_table_tells_its_cell() -> None:
    (fee,) = arithmetic("terms[plan].fee").readings
    (plan,) = fee.how.readings

    assert fee.how.text == "terms[plan].fee"
    assert fee.how.span.text == "25 USD"
    assert (plan.name, plan.text) == ("plan", "pro")


def test_a_key_that_is_looked_up_is_told_too() -> None:
    price, _ = arithmetic("price[traffic, region_of[country]] * traffic").readings

    assert [(reading.name, reading.text) for reading in price.how.readings] == [
        ("traffic", "12 GB"),
        ("region_of[japan]", "AP"),
    ]


def test_a_formula_on_several_lines_is_told_on_one() -> None:
    assert arithmetic("(other  # the other\n    + 1 USD)").filled == "10.00 USD + 1 USD"
