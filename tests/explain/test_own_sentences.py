"""What a line says of itself: with the figures of this bill, and not at all where one of them has no value."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

from ratewright.derivation.trace import ChargeTrace
from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Document
from ratewright.explain.render import render
from ratewright.rating.bill import Bill
from tests.explain.bills import case
from tests.explain.one_bill import AT, one
from tests.explain.test_as_the_customer import billed, told, use

METER = "setting plan one of free, pro = free\nmeter m in calls\n"


def said(bill: Bill, detail: str = "normal") -> list[str]:
    document = assemble(bill, detail)  # type: ignore[arg-type]
    assert isinstance(document, Document)
    rows = [row for section in document.sections for row in section.rows]
    assert all(note.kind != "said" for row in rows for note in row.notes[1:])  # it is told first
    return [note.text for row in rows for note in row.notes if note.kind == "said"]


def line(sentence: str, *statements: str) -> str:
    parts = "; ".join(statements) or "every month; rate 1 USD/call"
    return f'{METER}charge fee {{ on m; {parts}; say "{sentence}" }}'


def test_what_is_billed_day_by_day_says_what_this_bill_has_of_it() -> None:
    rules = line("{quantity} for {amount} on {period}", "every month", "billed every day", "rate 1 USD/call")
    records = use("m", "2026-03-02T10:00:00", "3") + use("m", "2026-03-03T10:00:00", "4")
    assert said(one(rules, records)) == ["3 calls for 3.00 USD on 2026-03-02", "4 calls for 4.00 USD on 2026-03-03"]


def test_a_discount_says_what_it_takes_off_and_a_credit_that_it_is_below_0() -> None:
    rules = (
        'charge base { every month; amount 10 USD; say "{amount}" }\n'
        'charge back { every month; amount 0 USD - 3 USD; say "{amount}" }\n'
        'discount loyal { on base; rate 10%; say "{price} of {quantity}: {amount}" }\n'
        'tax vat { on subtotal; rate 19%; say "{amount} on {quantity}" }'
    )
    assert said(one(rules, "")) == ["10.00 USD", "-3.00 USD", "10% of 10.00 USD: 1.00 USD", "1.14 USD on 6.00 USD"]


def test_a_setting_is_that_of_the_start_of_the_period_and_untold_where_it_changes_in_it() -> None:
    rules = line("on the {plan} plan")
    more = "settings:\n  plan: {2026-01-01: free, 2026-03-10T00:00:00Z: pro}\n"
    march = one(rules, use("m", AT, "3"), more)
    assert said(march) == []
    assert "its own sentence is not told: plan changes on 2026-03-10" in told(march, "full")
    april = one(rules, use("m", "2026-04-02T10:00:00", "3"), more, "2026-04")
    assert said(april) == ["on the pro plan"]


def test_a_sentence_refuses_no_bill() -> None:
    rules = line("{share}", "every month", "rate 1 USD/call", "define share = 1 / (quantity - 3 calls) * 1 call")
    bill = one(rules, use("m", AT, "3"))
    assert (bill.total, said(bill)) == (3, [])
    assert "not told: `quantity - 3 calls` is 0" in told(bill, "full")
    assert said(one(rules, use("m", AT, "4"))) == ["1"]


def test_without_usage_no_price_holds() -> None:
    rules = line("{quantity} at {price}", "every month", "rate 1 USD/call", "minimum 5 USD")
    assert said(one(rules, use("m", AT, "1"))) == ["1 call at 1 USD/call"]
    bill = one(rules, "")
    assert (bill.total, said(bill)) == (5, [])
    assert "its own sentence is not told: no price was looked up" in told(bill, "full")


def test_a_meter_is_what_was_measured_and_the_quantity_what_is_left_of_it() -> None:
    rules = f"""{METER}
    grant free {{ covers m; size 10 calls; renews every month }}
    charge fee {{ on m; every month; rate 1 USD/call; say "{{quantity}} of {{m}}" }}
    deduct m from free > fee
    """
    assert said(one(rules, use("m", AT, "12"))) == ["2 calls of 12 calls"]


def test_values_of_each_kind_are_shown_as_a_reader_sees_them() -> None:
    rules = """
    setting live = on
    setting opened date = 2026-01-05
    setting size in GB = 2,500 GB
    table prices by plan in USD/GB { free 0.5; pro 0.0250 }
    setting plan one of free, pro = pro
    define each = prices[plan]
    define half = 1 / 2
    charge base { every month; amount size * each; say "{live} {opened} {size} {each} {plan} {half} {{{live}}}" }
    """
    assert said(one(rules, "")) == ["on 2026-01-05 2,500 GB 0.0250 USD/GB pro 0.5 {on}"]


def test_formulas_come_behind_it_at_full_length_only() -> None:
    rules = f"""{METER}
    meter most {{ reads m; measure max(highest(quantity), 2 calls) in calls }}
    charge fee {{
      on max(most, 3 calls)
      every month
      rate (if plan == pro then 1 USD/call else 2 USD/call)
      say "Your busiest call."
    }}
    """
    bill = one(rules, use("m", AT, "5"))
    assert said(bill) == said(bill, "full") == ["Your busiest call."]
    assert "“" not in told(bill)
    full = told(bill, "full")
    assert full.index("Your busiest call.") < full.index("“max(most, 3 calls)”")


def test_many_lines_each_say_their_own() -> None:
    rules = """setting plan one of free, pro = free
    meter m { field partner text; measure sum(quantity) in calls }
    charge fee { on m; every record; rate 1 USD/call; say "{quantity} to {partner} on {at}" }
    """
    records = use("m", AT, "1", partner="ann") + use("m", "2026-03-04T11:30:00", "2", partner="bob")
    assert said(one(rules, records)) == ["1 call to ann on 2026-03-02 10:00", "2 calls to bob on 2026-03-04 11:30"]


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_text_of_others_in_a_sentence_is_made_harmless(format: str) -> None:
    rules = 'setting who text = "x"\ncharge base { every month; amount 1 USD; say "For {who}" }'
    page = render(one(rules, "", "settings: {who: '<b>[x](y)</b>'}\n"), format)  # type: ignore[arg-type]
    assert ("<b>" in page, "[x](y)" in page) == (format == "text", format != "markdown")


def test_a_correction_says_no_sentence() -> None:
    rules = line("{quantity} for {amount}")
    late = use("m", "2026-02-02T10:00:00", "5", reported="2026-03-02T00:00:00Z")
    march = billed(rules, use("m", "2026-02-01T10:00:00", "1") + late, "2026-02", "2026-03")[1]
    assert said(march) == []


def test_a_line_travels_with_its_sentence() -> None:
    bill = case("own_sentences")
    why = next(line.why for line in bill.lines if isinstance(line.why, ChargeTrace) and line.source == "base")
    there = pickle.loads(pickle.dumps(why))
    assert there == why and there.sentence is not None
    assert {name: one.value for name, one in there.sentence.values.items()} == {"plan": "pro", "share": Fraction(1, 2)}


def test_a_value_in_the_sentence_of_a_discount_is_told_as_it_is() -> None:
    rules = line("{plan}") + '\ndiscount off { on fee;  rate 10%;  say "{plan} takes {amount} off" }'
    assert "free takes 0.30 USD off" in said(one(rules, use("m", AT, "3")))
