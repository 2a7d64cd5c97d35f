"""The checks of a sound list: what they say, and what they leave alone."""

from __future__ import annotations

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source
from tests.checks.noted import HEADER, codes, found

# ---------------------------------------------------------------- what nothing uses

OTHER = "charge other { on edits; every month; rate 1 USD/pic }\n"
CHARGE = "charge fee { on images; every month; rate 0.1 USD/pic }\n"


def test_a_meter_that_nothing_charges():
    assert found("meter images in pics\nmeter edits in pics\n" + CHARGE) == [
        """\
warning[C102]: nothing charges `edits`: all its usage will be listed as unserved
  --> rules.tariff:4:1
  |
4 | meter edits in pics
  | ^^^^^^^^^^^^^^^^^^^
  help: add a `charge` that is `on edits`"""
    ]


def test_a_setting_that_nothing_asks():
    assert found("setting postpaid = off\nmeter images in pics\n" + CHARGE) == [
        """\
warning[C103]: nothing asks for setting `postpaid`
  --> rules.tariff:3:1
  |
3 | setting postpaid = off
  | ^^^^^^^^^^^^^^^^^^^^^^
  help: use it in a `when` or a formula, or delete it"""
    ]


@pytest.mark.parametrize(
    "text",
    [
        "charge other { every month; amount edits * 1 USD/pic }\n",
        "charge other { every month; amount 1 USD; when edits > 3 pics }\n",
        "charge other { on images + edits; every month; rate 1 USD/pic }\n",
        "charge other { every month; amount 1 USD; minimum edits * 1 USD/pic }\n",
        "charge other { on images; every month; volume { below (edits) 1 USD; beyond 2 USD } }\n",
        "charge other { on images; every month; rate edits * 1 USD/pic }\n",
        "grant free { covers edits; size 3 pics }\ndeduct edits from free\n",
    ],
)
def test_a_meter_is_used_by_what_reads_it(text):
    assert found("meter images in pics\nmeter edits in pics\n" + CHARGE + text) == []


@pytest.mark.parametrize(
    "text",
    [
        "charge other { on images; every month; when flag; rate 1 USD/pic }\n",
        "charge other { every month; amount if flag then 1 USD else 2 USD }\n",
        "charge other { on images; every month; rate (if flag then 1 USD/pic else 2 USD/pic) }\n",
        "charge other { on images; every month; volume { beyond (if flag then 1 USD else 2 USD) } }\n",
        "charge o { on images; every month; graduated { up to ((if flag then 1 pic else 2 pics)) 1 USD; beyond 0 USD}}",
        "charge other { every month; amount 1 USD; minimum (if flag then 1 USD else 2 USD) }\n",
        "charge other { every month; amount 1 USD; maximum (if flag then 1 USD else 2 USD) }\n",
        "charge other { on (if flag then images else 0 pics); every month; rate 1 USD/pic }\n",
        "meter edits { where flag; measure sum(quantity) in pics }\n" + OTHER,
        "meter edits { measure sum(if flag then quantity else 0 pics) in pics }\n" + OTHER,
        "grant free { covers images; size 3 pics; when flag }\ndeduct images from free > fee\n",
    ],
)
def test_a_setting_is_used_by_what_asks_it(text):
    assert found("setting flag = on\nmeter images in pics\n" + CHARGE + text) == []


# ---------------------------------------------------------------- order and severity


def test_diagnostics_come_in_the_order_of_the_text():
    text = "setting unused = on\nmeter edits in pics\nmeter images in pics\n"
    text += "charge fee { on images; every month; volume { below 10 1 USD/pic; beyond 0.5 USD/pic } }\n"
    assert [line.split("]")[0] for line in found(text)] == ["warning[C103", "warning[C102", "note[C101"]


def test_there_are_no_checks_of_a_list_with_errors():
    tariff, diagnostics = check(Source("rules.tariff", HEADER + "meter edits in pics\nmeter images in piks\n"))
    assert tariff is None
    assert [d.code for d in diagnostics] == ["R206"]


# ---------------------------------------------------------------- formulas and tables

PLANS = "setting plan one of free, pro, team = free\n"
PRICES = "table prices by plan { free 0 USD; pro 5 USD; team 9 USD }\n"


def named(code: str, text: str) -> list[str]:
    """What stands in backticks first in each finding of a code."""
    return [line.split("`")[1] for line in found(text) if line.split("]")[0].endswith(code)]


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("define a = 1 USD\ncharge c { every month; amount 1 USD }\n", ["a"]),
        ("define a = 1 USD\ncharge c { every month; amount a }\n", []),
        ("define a = 1 USD\ndefine b = a\ncharge c { every month; amount b }\n", []),
        ("define a = 1 USD\ndefine b = a\ncharge c { every month; amount 1 USD }\n", ["a", "b"]),
        ("charge c { every month; define a = 1 USD; amount 1 USD }\n", ["a"]),
        ("charge c { every month; define a = 1 USD; minimum a; amount 1 USD }\n", []),
        ("define a = 1 USD\ncharge c { every month; amount 1 USD }\ndiscount d { on c; amount a }\n", []),
        ('define a = 1 USD\ntable t by x { k a; l 1 USD }\ncharge c { every month; amount t["k"] }\n', []),
        ("define a = 3 pics\nmeter images { where quantity > a; measure sum(quantity) in pics }\n" + CHARGE, []),
        ("meter images { define a = 3; measure sum(quantity) in pics }\n" + CHARGE, []),  # a step, to be seen
        ("define a = 3 pics\nmeter images in pics\ngrant g { covers images; size a }\ndeduct images from g\n", []),
        (
            "meter images in pics\n" + CHARGE + "package p { covers images; sizes { 9 pics 1 USD }\n"
            "define a = 1 USD; refund a if unused }\ndeduct images from p > fee\n",
            [],
        ),
        (
            "define a = 1 USD\ncharge c { every month; amount 1 USD }\n"
            'example "e" { set activation 2026-01-01; expect in 2026-01 c == a }\n',
            [],
        ),
    ],
)
def test_formulas_that_nothing_uses(text, unused):
    assert named("C104", text) == unused


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("charge c { every month; amount 1 USD }\n", ["prices"]),
        ("charge c { every month; amount prices[plan] }\n", []),
        ("define a = prices[plan]\ncharge c { every month; amount 1 USD }\n", ["prices"]),
    ],
)
def test_tables_that_nothing_looks_up(text, unused):
    assert [line.split("`")[1] for line in found(PLANS + PRICES + text) if "[C105]" in line] == unused


def test_columns_that_nothing_looks_up():
    table = "table terms by plan {\n fee size\n free 0 USD 1 pic\n pro 5 USD 9 pics\n team 9 USD 9 pics\n}\n"
    assert [x.split("`")[1] for x in found(PLANS + table + "charge c { every month; amount terms[plan].fee }\n")] == [
        "size"
    ]
    used = "charge c { every month; amount terms[plan].fee }\nmeter images in pics\n" + CHARGE
    assert (
        codes(PLANS + table + used + "charge d { every month; amount 1 USD; when images > terms[plan].size }\n") == []
    )


def test_a_table_of_tiers_is_looked_up_by_volume():
    text = "table t by size in USD/pic { up to 10 pics 0.1; beyond 0.2 }\nmeter images in pics\n"
    assert codes(text + "charge fee { on images; every month; volume t }\n") == []


@pytest.mark.parametrize(
    ("rows", "lookup", "unreached"),
    [
        ("free 0 USD; pro 5 USD; team 9 USD", "prices[plan]", []),
        ("free 0 USD; pro 5 USD; taem 9 USD", "prices[plan]", ["taem"]),
        ("free 0 USD; pro 5 USD; old not sold", "prices[plan]", []),
        ("free 0 USD; pro 5 USD", "prices[free]", ["pro"]),
        ("free 0 USD; pro 5 USD", "prices[free] + prices[pro]", []),
        ("free or other 0 USD; pro 5 USD", "prices[plan]", ["other"]),
        ("free 0 USD; pro 5 USD", "prices[if flag then free else pro]", []),
    ],
)
def test_rows_that_nothing_reaches(rows, lookup, unreached):
    text = PLANS + "setting flag = on\ncharge o { every month; amount 1 USD; when flag or plan == team }\n"
    text += f"table prices by plan {{ {rows} }}\ncharge c {{ every month; amount {lookup} }}\n"
    assert named("C106", text) == unreached


def test_a_table_that_anything_is_asked_of_has_no_row_too_many():
    text = "meter images { field region text; by region; measure sum(quantity) in pics }\n"
    text += "table prices by region in USD/pic { EU 1; US 2 }\n"
    assert codes(text + "charge fee { on images; every month; rate prices[region] }\n") == []


@pytest.mark.parametrize(
    ("amount", "missing"),
    [
        ("fees[plan]", "free"),
        ("if plan == free then 0 USD else fees[plan]", ""),
        ("if plan != free then fees[plan] else 0 USD", ""),
        ("if not (plan == free) then fees[plan] else 0 USD", ""),
        ("if plan == free or flag then 0 USD else fees[plan]", ""),
        ("if plan != free and flag then fees[plan] else 0 USD", ""),
        ("if plan != free or flag then fees[plan] else 0 USD", "free"),
        ("if plan == pro or plan == team then fees[plan] else 0 USD", ""),
        ("if plan == free then fees[plan] else 0 USD", None),  # never a row: an error of its own kind, at billing
        ("if plan != free and fees[plan] > 5 USD then 1 USD else 0 USD", ""),
        ("if paid then fees[plan] else 0 USD", ""),
        ("if paid then 0 USD else fees[plan]", None),
    ],
)
def test_choices_without_a_row(amount, missing):
    text = PLANS + "setting flag = on\ntable fees by plan { pro 5 USD; team 9 USD }\ndefine paid = plan != free\n"
    text += "charge o { every month; amount 1 USD; when flag and paid }\n"
    shown = [x.split("`")[3] for x in found(text + f"charge c {{ every month; amount {amount} }}\n") if "[C107]" in x]
    assert shown == ([missing] if missing else [])


def test_a_condition_of_the_line_or_the_meter_leaves_choices_out():
    text = PLANS + "table fees by plan { pro 5 USD; team 9 USD }\n"
    assert codes(text + "charge c { every month; when plan != free; amount fees[plan] }\n") == []
    meter = "meter images {{ field kind one of a, b, c; {}by kind; measure sum(quantity) in pics }}\n"
    line = "table prices by kind in USD/pic { a 1; b 2 }\ncharge fee { on images; every month; rate prices[kind] }\n"
    assert codes(meter.format("") + line) == ["C107"]
    assert codes(meter.format("where kind != c; ") + line) == []


def test_columns_of_a_line_without_a_choice():
    text = "meter images { field kind one of a, b, c; by kind; measure sum(quantity) in pics }\n"
    text += "charge fee { on images; every month; volume by kind in USD/pic {\n a b\n up to 10 1 2\n beyond 2 3\n} }\n"
    assert ["there is no column for `c`, which `kind` may be" in x for x in found(text)] == [True]


@pytest.mark.parametrize(
    ("on", "form", "noted"),
    [
        ("subtotal", "", True),
        ("charges", "", True),
        ("ticket + meals", "", True),
        ("ticket", "", True),
        ("ticket - inside", "", False),
        ("charges - inside", "", False),
        ("meals", "", False),
        ("meals", "; included", False),  # the other price has its own
        ("subtotal", "; when ticket > 5 USD", True),
    ],
)
def test_a_tax_on_a_price_with_a_tax_inside(on, form, noted):
    text = (
        "charge ticket { every month; amount 119 USD }\ncharge meals { every month; amount 20 USD }\n"
        f"tax inside {{ on ticket; rate 19%; included }}\ntax city {{ on {on}; rate 2%{form} }}\n"
    )
    assert codes(text) == ["C114"] * noted
