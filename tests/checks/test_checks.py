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
note[C101]: the bill falls at 10,000 pics: just below it fee comes close to 800.00 USD, and from there on to 600.00 USD
  --> rules.tariff:8:5
  |
8 |     below 10,000  0.08 USD/pic
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: if the price list means this, nothing is to be done; if each slice has its own price, write `graduated`""",
        """\
note[C101]: the bill falls at 11,000 pics: just below it fee comes close to 660.00 USD, and from there on to 550.00 USD
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
