"""Bills that fall where usage grows, and figures that are likely not what was meant."""

from __future__ import annotations

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source
from tests.checks.noted import HEADER, codes, found


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
