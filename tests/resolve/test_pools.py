"""What pools cover: units and ratios, scopes, sizes, and what `deduct` makes of them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.meaning import nodes as n
from ratewright.values.calendar import Cadence, Duration, PeriodUnit
from tests.resolve.formulas import codes

HEAD = 'tariff t { currency USD; timezone "UTC"; bytes by 1000 }\nunit pic, pics\nunit credit, credits\n'
METERS = """
meter images { field kind one of small, large; by kind; measure sum(quantity) in pics }
meter traffic in GB
"""


def made(text: str) -> n.Tariff:
    found, diagnostics = check(Source("rules.tariff", HEAD + METERS + text))
    assert found is not None, diagnostics
    return found


def pool(statements: str, order: str = "deduct images from p") -> n.Pool:
    word = "grant" if "size " in statements else "package"
    return made(f"{word} p {{ {statements} }}\n{order}").pools["p"]


BOTH = "deduct images from p\ndeduct traffic from p"


@pytest.mark.parametrize(
    ("covers", "size", "unit", "scales"),
    [
        ("images", "10 pics", "pic", {}),
        ("images at 2", "10 pics", "pic", {"images": 1}),
        ("images at 2", "10 credits", "credit", {"images": 1}),
        ("images at 2 credits", "10 credits", "credit", {"images": 1}),
        ("images at 2 credits/pic", "10 credits", "credit", {"images": 1}),
        ("images at 0.5 GB", "10 TB", "TB", {"images": 1}),
        ("images at 0.5", "10 TB", "TB", {"images": 10**12}),
        ("images at 0.05", "10 USD", "USD", {"images": 1}),
    ],
)
def test_the_unit_of_a_pool_and_what_a_unit_of_usage_takes(covers, size, unit, scales):
    for statement in (f"size {size}", f"sizes {{ {size} 1 USD }}"):
        found = pool(f"covers {covers}; {statement}")
        assert found.unit.singular == unit
        assert {name: ratio.scale for name, ratio in found.ratios.items()} == scales


def test_a_pool_of_several_meters_is_in_the_unit_of_the_first_that_takes_one_for_one():
    found = pool("covers images at 3, traffic; size 10 TB", BOTH)
    assert (found.covers, found.unit.singular) == (("images", "traffic"), "GB")
    assert found.ratios["images"].scale == 10**9
    found = pool("covers traffic at 2, images at 3; size 10 credits", BOTH)
    assert found.unit.singular == "credit"
    assert {name: ratio.scale for name, ratio in found.ratios.items()} == {"traffic": Fraction(1, 10**9), "images": 1}


def test_what_a_pool_asks_of_usage():
    table = "table weight by kind { small 1; large 4 }\n"
    found = made(table + "package p { covers images at weight[kind]; sizes { 5 credits 1 USD } }\ndeduct images from p")
    assert found.pools["p"].asks("images") == {"kind"}
    assert found.pools["p"].asks("traffic") == frozenset()
    scoped = pool("covers images; scope kind; size 10 pics")
    assert scoped.asks("images") == {"kind"}
    assert [(s.name, s.type.choices) for s in scoped.scope] == [("kind", ("small", "large"))]


@pytest.mark.parametrize(
    ("statements", "cadence", "rolls"),
    [
        ("renews every month", Cadence(PeriodUnit.MONTH), None),
        ("renews every quarter", Cadence(PeriodUnit.MONTH, 3), None),
        ("renews every hour", Cadence(PeriodUnit.HOUR), None),
        ("renews every month on day 31", Cadence(PeriodUnit.MONTH, 1, 31), None),
        ("renews every month; rolls over", Cadence(PeriodUnit.MONTH), (None, None)),
        ("renews every month; rolls over for 2 months", Cadence(PeriodUnit.MONTH), (Duration(months=2), None)),
        ("renews every day; rolls over up to 5 pics", Cadence(PeriodUnit.DAY), (None, 5)),
        ("renews every day; rolls over for 1 week up to 5 pics", Cadence(PeriodUnit.DAY), (Duration(days=7), 5)),
    ],
)
def test_cycles_and_what_rolls_over(statements, cadence, rolls):
    found = pool(f"covers images; size 10 pics; {statements}")
    assert found.renews is not None
    assert found.renews.cadence == cadence
    assert (found.rolls and (found.rolls.length, found.rolls.most)) == rolls


def test_an_anchor_of_the_accounts_own():
    found = pool("covers images; sizes { 1 pic 1 USD }; renews every month from start of day(purchase)")
    assert found.renews is not None
    assert found.renews.anchor is not None
    assert found.renews.anchor.start is not None


def test_rows_for_any_size():
    found = pool(
        "covers traffic; sizes { 1 TB 40 USD; below 500 GB 0.05 USD/GB; beyond 30 USD }", "deduct traffic from p"
    )
    assert [(r.size, r.price) for r in found.sizes] == [(10**12, 40)]
    first, rest = found.ranges
    assert (first.bound.kind, first.price, first.flat) == (n.BoundKind.BELOW, Fraction("0.05") / 10**9, False)
    assert (rest.bound.kind, rest.price, rest.flat) == (n.BoundKind.BEYOND, 30, True)


LINES = """
charge fee { on images; every month; rate 1 USD/pic }
tax vat { on subtotal; rate 10% }
"""


def test_deductions_by_what_is_paid():
    found = made(
        LINES
        + """
        grant bonus { covers fee; size 10 USD }
        grant coupon { size 10 USD }
        package voucher { covers total, subtotal; sizes { 10 USD 9 USD } }
        deduct fee from bonus
        deduct subtotal from coupon > voucher
        deduct total from voucher
        """
    )
    assert {name: (d.target, d.pools, d.charges) for name, d in found.deductions.items()} == {
        "fee": (n.Target.LINE, (("bonus",),), ()),
        "subtotal": (n.Target.SUM, (("coupon",), ("voucher",)), ()),
        "total": (n.Target.SUM, (("voucher",),), ()),
    }
    assert [p.unit.singular for p in found.pools.values()] == ["USD", "USD", "USD"]
    assert [p.pays for p in found.pools.values()] == [("fee",), (), ("total", "subtotal")]


def test_the_order_of_usage():
    text = """
    table rank by zone, class { \n fine coarse\n far 1 2\n near 3 4\n }
    meter m { field zone text; field class text; field kind one of b, a; measure sum(quantity) in pics }
    grant p { covers m; size 10 pics }
    deduct m in order of kind, zone, class from p
    """
    assert made(text).deductions["m"].order == (
        ("kind", ("b", "a")),
        ("zone", ("far", "near")),
        ("class", ("fine", "coarse")),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("setting x = 2\ngrant p { covers images at x, traffic at 1; size 10 pics }\n" + BOTH, []),
        ("grant p { covers images, traffic; size 10 pics }\n" + BOTH, ["R214"]),
        ("grant p { covers images at 2, traffic; size 10 pics }\n" + BOTH, ["R205"]),
        ("grant p { covers images at 2, images; size 10 pics }\ndeduct images from p", ["R204"]),
        ("grant p { covers images at -1; size 10 pics }\ndeduct images from p", ["R219"]),
        ("grant p { covers images at 2 USD; size 10 pics }\ndeduct images from p", ["R205"]),
        ("grant p { covers images at kind; size 10 pics }\ndeduct images from p", ["R205"]),
        ("grant p { size 10 pics }\ndeduct images from p", ["R203"]),
        ("grant p { size 10 USD }", ["R212"]),
        ("package p { covers images; sizes { beyond 1 USD/GB } }\ndeduct images from p", ["R205"]),
        (
            "package p { covers images; sizes { beyond 1 USD/pic; below 5 pics 1 USD/pic } }\ndeduct images from p",
            ["R211"],
        ),
        ("package p { covers images; sizes { below 0 pics 1 USD/pic } }\ndeduct images from p", ["R210"]),
        ("package p { covers images; sizes { 0 pics 1 USD } }\ndeduct images from p", ["R219"]),
        ("package p { covers images; sizes { below 5 pics 0 USD - 1 USD } }\ndeduct images from p", ["R219"]),
    ],
)
def test_what_is_said_of_a_pool(text, expected):
    assert codes(HEAD + METERS + text) == expected
