"""A sentence of a line in several languages: each has its own names and figures, and changes none."""

from __future__ import annotations

from ratewright import usage
from ratewright.contracts.contract import contract_of
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Source
from ratewright.explain.render import render
from ratewright.explain.wording.languages import told_in
from ratewright.rating.bill import Bill
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months
from ratewright.values.calendar import calendar_of
from tests.explain.bills import read_tariff
from tests.explain.one_bill import AT, one
from tests.explain.test_as_the_customer import told, use
from tests.explain.test_own_sentences import METER, said

GERMAN = 'say "{quantity} for {amount}" de "{amount} für {quantity} am {period}" zh-Hans "{quantity}：{amount}"'


def under(contract: str, rules: str, records: str) -> list[Bill]:
    """The bills of March under a contract."""
    found, problems = contract_of(Source("acme.contract", contract))
    assert found is not None, problems
    read, problems = usage.read(Source("a.yaml", f"account: acme\nusage:\n{records}"))
    assert read is not None, problems
    plans, read = Agreed((read_tariff(rules, "t.tariff"),), (found,)).of(read)
    bills, problems = rate_account(plans, read, months("2026-03", "2026-03", calendar_of("UTC")))
    assert not problems, problems
    return bills


def of(rules: str, records: str, language: str, detail: str = "normal") -> list[str]:
    bill = one(rules, records)
    with told_in(language):
        return said(bill, detail)


def test_each_language_has_its_own_sentence_with_its_own_figures() -> None:
    rules = f"{METER}charge fee {{ on m; every month; rate 1,200.50 USD/call; {GERMAN} }}"
    records = use("m", AT, "1,000")
    assert of(rules, records, "en") == ["1,000 calls for 1,200,500.00 USD"]
    assert of(rules, records, "de") == ["1.200.500,00 USD für 1.000 calls am März 2026"]
    assert of(rules, records, "zh-Hans") == ["1,000 calls：USD 1,200,500.00"]


def test_a_language_without_a_sentence_has_that_of_the_list() -> None:
    rules = f'{METER}charge fee {{ on m; every month; rate 1 USD/call; say "{{quantity}}" de "nur {{quantity}}" }}'
    assert of(rules, use("m", AT, "3"), "zh-Hans") == of(rules, use("m", AT, "3"), "en") == ["3 calls"]


def test_one_language_may_be_told_where_another_has_no_figure() -> None:
    rules = f"""{METER}charge fee {{
      on m; every month; rate 1 USD/call; define share = 1 call / (quantity - 3 calls)
      say "{{share}} of {{quantity}}" de "{{quantity}}, und {{plan}}"
    }}"""
    records = use("m", AT, "3")
    assert (of(rules, records, "en"), of(rules, records, "de")) == ([], ["3 calls, und free"])
    assert of(rules, use("m", AT, "4"), "en") == ["1 of 4 calls"]
    bill = one(rules, records)
    assert "its own sentence is not told: `quantity - 3 calls` is 0" in told(bill, "full")
    assert "eigener Satz" not in render(bill, "text", "full", language="de")


def test_a_meter_that_only_another_language_names_is_measured() -> None:
    rules = f"""{METER}
    grant free {{ covers m; size 10 calls; renews every month }}
    charge fee {{ on m; every month; rate 1 USD/call; say "{{quantity}}" de "{{quantity}} von {{m}}" }}
    deduct m from free > fee
    """
    assert of(rules, use("m", AT, "12"), "de") == ["2 calls von 12 calls"]


def test_what_has_a_sentence_in_the_language_folds_its_formulas() -> None:
    rules = f"""{METER}charge fee {{
      on max(m, 3 calls); every month; rate 1 USD/call
      define none = 1 call / (quantity - quantity)
      say "{{none}}" de "Ihre Anrufe."
    }}"""
    bill = one(rules, use("m", AT, "5"))
    assert "“max(m, 3 calls)”" in told(bill)
    normal, full = (render(bill, "text", detail, language="de") for detail in ("normal", "full"))
    assert "max" not in normal and "„max(m, 3 calls)“" in full.split("Die Regeln")[0]


def test_under_a_contract_a_sentence_of_any_language_has_no_price_that_is_scaled() -> None:
    rules = f"""tariff t {{ currency USD; timezone "UTC" }}
    unit call, calls
    {METER}charge fee {{ on m; every month; rate 2 USD/call; say "{{amount}}" de "{{amount}}, je {{price}}" }}
    """
    (bill,) = under("contract acme { list t;  for acme;  scale fee by 50% }", rules, use("m", AT, "3"))
    assert said(bill) == ["3.00 USD"]
    with told_in("de"):
        assert said(bill) == []
