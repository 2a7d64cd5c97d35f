"""The checks of a sound list: what they say, and what they leave alone."""

from __future__ import annotations

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Severity, Source, draw

HEADER = 'tariff demo { currency USD; timezone "UTC" }\nunit pic, pics\n'


def found(text: str) -> list[str]:
    tariff, diagnostics = check(Source("rules.tariff", HEADER + text))
    assert tariff is not None, diagnostics
    assert all(d.severity is not Severity.ERROR for d in diagnostics)
    return [draw(d) for d in diagnostics]


def volume(rows: str, form: str = "volume") -> list[str]:
    lines = "\n".join(f"    {row.strip()}" for row in rows.split(";"))
    return found(f"meter images in pics\ncharge fee {{\n  on images\n  every month\n  {form} {{\n{lines}\n  }}\n}}\n")


# ---------------------------------------------------------------- bills that fall


def test_a_cliff():
    assert volume("below 10,000  0.08 USD/pic; below 11,000  0.06 USD/pic; beyond 0.05 USD/pic") == [
        """\
note[C101]: the bill falls at 10,000 pics: fee is 799.92 USD for 9,999 pics, and 600.00 USD for 10,000 pics
  --> rules.tariff:8:5
  |
8 |     below 10,000  0.08 USD/pic
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: if the price list means this, nothing is to be done; if each slice has its own price, write `graduated`""",
        """\
note[C101]: the bill falls at 11,000 pics: fee is 659.94 USD for 10,999 pics, and 550.00 USD for 11,000 pics
  --> rules.tariff:9:5
  |
9 |     below 11,000  0.06 USD/pic
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: if the price list means this, nothing is to be done; if each slice has its own price, write `graduated`""",
    ]


@pytest.mark.parametrize(
    ("rows", "cliffs"),
    [
        ("below 10  0.1 USD/pic; beyond 0.2 USD/pic", 0),
        ("below 10  0.1 USD/pic; beyond 0.1 USD/pic", 0),
        ("up to 10  0.2 USD/pic; beyond 0.1 USD/pic", 1),
        ("up to 10  0.1 USD/pic; beyond 0.2 USD/pic", 0),
        ("below 10  1 USD; beyond 0.2 USD/pic", 0),  # 1 USD, then 2 USD
        ("below 10  3 USD; beyond 0.2 USD/pic", 1),  # 3 USD, then 2 USD
        ("below 10  0.1 USD/pic + 1 USD; beyond 0.1 USD/pic", 1),
        ("below 10  0.1 USD/pic; beyond 0.05 USD/pic + 1 USD", 0),
        ("below 10  0.1 USD/pic; beyond not sold", 0),
        ("below 10  not sold; beyond 0.1 USD/pic", 0),
        ("next 10  0.2 USD/pic; next 10 0.1 USD/pic; beyond 0 USD", 2),
        ("beyond 0.1 USD/pic", 0),
    ],
)
def test_where_bills_fall(rows, cliffs):
    assert len(volume(rows)) == cliffs


def falls(charge: str, more: str = "") -> list[str]:
    """The notes about a charge on `made`, in pics, or on `data`, in GB, without where they stand."""
    text = f"meter made in pics\nmeter data {{ measure sum(quantity) in GB }}\n{more}"
    text += f"charge fee {{ every month; {charge} }}\n"
    header = 'tariff demo { currency USD; timezone "UTC"; bytes by 1000 }\nunit pic, pics\n'
    _, diagnostics = check(Source("rules.tariff", header + text))
    return [d.message.removeprefix("the bill falls at ") for d in diagnostics if d.code == "C101"]


@pytest.mark.parametrize(
    ("charge", "note"),
    [
        (
            "on data; volume { below 50 GB 2 USD/GB; beyond 1 USD/GB }",
            "50 GB: just below it fee comes close to 100.00 USD, and from there on to 50.00 USD",
        ),
        (
            "on data; volume { up to 50 GB 2 USD/GB; beyond 1 USD/GB }",
            "50 GB: fee is 100.00 USD for 50 GB, and just over 50.00 USD for anything more",
        ),
        (
            "on data; volume { up to 50 GB 2 USD/GB; beyond 60 USD }",
            "50 GB: fee is 100.00 USD for 50 GB, and 60.00 USD for anything more",
        ),
        (
            "on made; volume { up to 50 2 USD/pic; beyond 1 USD/pic }",
            "50 pics: fee is 100.00 USD for 50 pics, and 51.00 USD for 51 pics",
        ),
        (
            "on made; volume { up to 50 2 USD/pic; beyond 1 USD/pic }; minimum 60 USD",
            "50 pics: fee is 100.00 USD for 50 pics, and 60.00 USD for 51 pics",
        ),
        (
            "on made; volume { up to 50 2 USD/pic; beyond 1 USD/pic }; maximum 75.129 USD",
            "50 pics: fee is 75.13 USD for 50 pics, and 51.00 USD for 51 pics",
        ),
        (
            "on round up (made) to 20 pics; volume { below 50 2 USD/pic; beyond 1 USD/pic }",
            "50 pics: fee is 80.00 USD for 40 pics of made, and 60.00 USD for 41 pics",
        ),
        (
            "on max(made, 45 pics); volume { below 50 2 USD/pic; beyond 1 USD/pic }",
            "50 pics: fee is 98.00 USD for 49 pics of made, and 50.00 USD for 50 pics",
        ),
        (
            "on made * 2; volume { below 50 2 USD/pic; beyond 1 USD/pic }",
            "50 pics: fee is 96.00 USD for 24 pics of made, and 50.00 USD for 25 pics",
        ),
    ],
)
def test_what_is_billed_on_both_sides_of_a_bound(charge, note):
    assert falls(charge) == [note]


@pytest.mark.parametrize(
    "charge",
    [
        "on made; volume { up to 1,000 10 USD per started 1,000 pics; beyond 8 USD per started 1,000 pics }",
        "on made; volume { up to 50 2 USD/pic; beyond 1 USD/pic }; minimum 200 USD",
        "on made; volume { up to 50 2 USD/pic; beyond 1 USD/pic }; maximum 51 USD",
        "on made; volume { up to 50 2 USD/pic; beyond 1.98 USD/pic }; rounding half up to 10 USD",
        "on max(made, 60 pics); volume { up to 50 2 USD/pic; beyond 1 USD/pic }; maximum 51 USD",
        "on made; volume { up to 50 2 USD/pic; beyond 1 USD/pic }; minimum other",  # another line decides
        "on made; when quantity < 50 pics; volume { up to 50 2 USD/pic; beyond 1 USD/pic }",
    ],
)
def test_where_the_bill_does_not_fall_or_more_decides_nothing_is_noted(charge):
    assert falls(charge, "charge other { every month; amount 5 USD }\n") == []


def test_slices_make_no_cliff():
    assert volume("below 10,000  0.08 USD/pic; beyond 0.05 USD/pic", "graduated") == []


def test_a_price_that_a_setting_decides_is_left_alone():
    text = "setting low in USD = 0.01 USD\nmeter images in pics\n"
    text += "charge fee { on images; every month; volume { below 10 1 USD/pic; beyond low / 1 pic } }\n"
    assert found(text) == []


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


def codes(text: str) -> list[str]:
    return [line.split("]")[0].split("[")[1] for line in found(text)]


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


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("bound", "odd"),
    [("10.000", 1), ("10.000 pics", 1), ("10,000", 0), ("10.5", 0), ("1.0000", 0), ("10", 0), ("10.001", 0)],
)
def test_points_that_were_meant_for_commas(bound, odd):
    assert len([x for x in volume(f"up to {bound}  0.1 USD/pic; beyond 0.2 USD/pic") if "[C108]" in x]) == odd


def test_a_bound_of_bytes_may_have_decimals():
    text = (
        "meter traffic in GiB\ncharge fee { on traffic; every month; volume { up to 1.000 GiB 1 USD; beyond 2 USD } }\n"
    )
    assert codes(text) == []


@pytest.mark.parametrize(
    ("rate", "odd"),
    [
        ("0.1 USD", 1),
        ("0.1 USD/pic", 0),
        ("0.1 USD/pic + 1 USD", 0),
        ("1 USD per started 10 pics", 0),
        ("not sold", 0),
        ("1 USD + 2 USD", 1),
        ("5 USD; flat at zero usage", 0),
    ],
)
def test_rates_of_one_amount(rate, odd):
    text = f"meter images in pics\ncharge fee {{ on images; every month; rate {rate} }}\n"
    assert codes(text) == ["C109"] * odd


@pytest.mark.parametrize(
    ("header", "every", "noted"),
    [
        ("until 2026-03-16; changes split the period", "month", True),
        ("until 2026-03-16; changes split the period", "month on day 15", True),
        ("until 2026-03-16; changes split the period", "month from activation", True),
        ("until 2026-03-16; changes split the period", "month on day 16", False),  # it begins there
        ("until 2026-03-16; changes split the period", "day", False),
        ("until 2026-04-01; changes split the period", "month", False),
        ("until 2026-04-01; changes split the period", "year", True),
        ("until 2026-03-16", "month", False),  # the period goes on by the version at its start
        ("; changes split the period", "month", False),  # no other list is known of
    ],
)
def test_fees_on_both_sides_of_a_change(header, every, noted):
    text = HEADER.replace("}", f"; effective from 2026-01-01 {header} }}", 1)
    tariff, diagnostics = check(Source("rules.tariff", f"{text}charge fee {{ every {every};  amount 20 USD }}\n"))
    assert tariff is not None
    assert [d.code for d in diagnostics] == ["C110"] * noted


@pytest.mark.parametrize(
    ("covers", "price", "on", "noted"),
    [
        ("total", "90 USD", "subtotal", True),
        ("total", "90 USD", "charges", True),
        ("total", "0 USD", "subtotal", False),  # given, not bought
        ("subtotal", "90 USD", "subtotal", False),  # it pays before the tax
        ("fee", "90 USD", "subtotal", False),
        ("total", "90 USD", "fee", False),  # the tax leaves the top-up alone
    ],
)
def test_a_top_up_that_is_taxed_with_what_it_pays_for(covers, price, on, noted):
    text = (
        "meter images in pics\ncharge fee { on images; every month; rate 1 USD/pic }\n"
        f"package top_up {{ covers {covers}; sizes {{ 100 USD {price} }} }}\n"
        f"deduct {covers} from top_up\ntax vat {{ on {on}; rate 19% }}\n"
    )
    assert codes(text) == ["C111"] * noted


# ---------------------------------------------------------------- bills that fall, by columns


def test_cliffs_of_columns():
    text = "meter images { field region text; by region; measure sum(quantity) in pics }\n"
    text += "table prices by size, region in USD/pic {\n EU US AP\n below 10 pics 3 3 1\n beyond 1 2 1\n}\n"
    line = "charge fee { on images; every month; volume prices[region] }\n"
    (note,) = found(text + line)
    assert note.startswith("note[C101]: the bill falls at 10 pics, for `EU` and 1 other column: fee is ")
    assert found(text + line.replace("volume", "graduated")) == []
    assert found(text + line.replace("volume", "reached by 5 pics; volume")) == []  # another quantity picks the row


def test_cliffs_of_tables_that_a_condition_chooses():
    text = "setting flag = on\ntable low by size in USD/pic { below 10 pics 3; beyond 1 }\n"
    text += "table high by size in USD/pic { below 10 pics 3; beyond 4 }\nmeter images in pics\n"
    assert codes(text + "charge fee { on images; every month; volume (if flag then low else high) }\n") == ["C101"]


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
    assert codes(text) == ["C113"] * noted
