"""Which name means what, in which place; and that the place in the file means nothing."""

from __future__ import annotations

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source, errors_in
from ratewright.meaning import nodes as n
from ratewright.meaning.dependencies import in_order_of_need
from tests.resolve.formulas import codes, errors

HEADER = 'tariff demo { currency USD; timezone "UTC"; bytes by 1000 }\n'
BASE = HEADER + "unit pic, pics\nsetting postpaid = off\nmeter images in pics\n"


def tree(text: str) -> n.Tariff:
    made, found = check(Source("rules.tariff", text))
    assert not errors_in(found), found
    assert made is not None
    return made


# ---------------------------------------------------------------- one space of names

DECLARATIONS = [
    "unit {}",
    "unit other, {}",
    "unit {} = 3 pics",
    "setting {} = on",
    "meter {} in pics",
    "grant {} {{ covers images; size 1 pic }}\ndeduct images from {}",
    "package {} {{ covers images; sizes {{ 1 pic 1 USD }} }}\ndeduct images from {}",
    "charge {} {{ every month; amount 1 USD }}",
    "limit {} {{ on images; default 1 pic; shared by account and subaccounts }}",
]


@pytest.mark.parametrize("second", DECLARATIONS)
@pytest.mark.parametrize("first", DECLARATIONS)
def test_a_name_is_declared_once(first, second):
    found = errors(
        BASE + first.replace("other", "one").format("same", "same") + "\n" + second.format("same", "same") + "\n"
    )
    assert ("R202", "same", "`same` is declared twice") in found


@pytest.mark.parametrize("declaration", DECLARATIONS)
@pytest.mark.parametrize("name", ["total", "quantity", "period", "activation", "second", "GB", "EUR", "USD"])
def test_some_names_are_taken(declaration, name):
    assert "R202" in codes(BASE + declaration.format(name, name))


def test_a_tariff_and_an_example_have_names_of_their_own():
    text = (
        HEADER.replace("demo", "fee")
        + "unit pic, pics\nmeter m in pics\ncharge fee { on m; every month; rate 1 USD/pic }\n"
    )
    text += 'example "fee" { use 1 pic of m in 2026-03; expect fee == 1 USD }\n'
    assert codes(text) == []


# ---------------------------------------------------------------- places


def meter(statements: str) -> str:
    return BASE + f"setting region one of eu, us = eu\nmeter m {{\n{statements}\nmeasure sum(quantity) in pics\n}}\n"


def wrong(text: str) -> list[tuple[str, str]]:
    return [(code, quoted) for code, quoted, _ in errors(text) if code[0] == "R"]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ("field kind one of a, b\nwhere kind == a", []),
        ("field kind one of a, b\nwhere a == kind", []),
        ("field kind one of pic, b\nwhere kind == pic", []),  # a unit is no text
        ("field kind one of a, b\nfield a text\nwhere kind == a", [("R216", "a")]),
        ("field kind one of postpaid, b\nwhere kind == postpaid", [("R216", "postpaid")]),
        ('field kind one of postpaid, b\nwhere kind == "postpaid"', []),
        ("field kind one of images, b\nwhere kind == images", []),  # a meter is not known in a formula on records
        ("field kind text\nwhere kind == a", [("R201", "a")]),
        ('field kind text\nwhere kind == "a" and postpaid and region == eu', []),
        ("where images > 3 pics", [("R201", "images")]),
        ("where at >= 2026-03-01 and lasted > 3 seconds and times < 5 and quantity < 3 pics", []),
        ("field region text", [("R202", "region")]),
        ("field quantity number", [("R202", "quantity")]),
        ("field a, a text", [("R202", "a")]),
        ("field a text\nfield a text", [("R202", "a")]),
        ("field kind one of a, b, a", [("R202", "a")]),
    ],
)
def test_names_in_a_formula_on_records(statements, expected):
    assert wrong(meter(statements)) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ("on images; amount quantity * 1 USD/pic", []),
        ("amount images * 1 USD/pic", []),
        ("amount quantity * 1 USD/pic", [("R201", "quantity")]),
        ("amount other + 1 USD", []),
        ("amount fee + 1 USD", [("R201", "fee")]),
        ("on other; rate 1%", []),
        ("on others; rate 1%", [("R201", "others")]),
        ("on images + 3 pics; rate 1 USD/pic", []),
        ("on images; rate 1 USD/pic; when postpaid and at > 2026-01-01", []),
        ("on images; rate 1 USD/pic; when total > 3 USD", []),
        ("on images; rate 1 USD/pic; when due > 3 USD", [("R201", "due")]),
        ("on images; rate 1 USD/pic; minimum images * 1 USD/pic", []),
        ("on images; rate 1 USD/pic; when quantity > 3 pics", []),
        ("on quantity; rate 1 USD/pic", [("R201", "quantity")]),
        ("on images; rate gift", [("R201", "gift")]),
        ("on images; volume { below (images) 1 USD; beyond 2 USD }", []),
    ],
)
def test_names_in_a_charge(statements, expected):
    text = BASE + "charge other { every month; amount 1 USD }\n" + f"charge fee {{ every month; {statements} }}\n"
    text += "grant gift { covers images; size 1 pic }\ndeduct images from gift > fee\n" if "gift" in statements else ""
    assert wrong(text) == expected


@pytest.mark.parametrize(
    ("kind", "statement", "expected"),
    [
        ("grant", "valid 1 year from activation", []),
        ("grant", "valid 1 year from purchase", [("R201", "purchase")]),
        ("grant", "valid from activation until end of month(activation + 1 year)", []),
        ("grant", "when postpaid", []),
        ("grant", "when images > 3 pics", [("R201", "images")]),
        ("package", "valid 1 year from start of day(purchase)", []),
        ("package", "valid until activation", []),
        ("package", "valid until images", [("R201", "images")]),
        ("package", "refund paid - drawn / size * list_price if not unused and refunds_before == 0", []),
        ("package", "refund in full if request < expiry and request - purchase < 3 days", []),
        ("package", "refund paid if postpaid", []),
        ("package", "refund quantity * 1 USD/pic", [("R201", "quantity")]),
    ],
)
def test_names_in_a_pool(kind, statement, expected):
    size = "size 10 pics" if kind == "grant" else "sizes { 10 pics 1 USD }"
    text = BASE + f"{kind} pool {{ covers images; {size}; {statement} }}\ndeduct images from pool\n"
    assert wrong(text) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("total == 1 USD and fee == 1 USD and images == 1 pic", []),
        ("fee.quantity == 1 pic and exact(fee) == 1 USD and exact(total) == 1 USD", []),
        ("drawn(pool) == 0 pics and left(p1) == 0 pics and refunded(p1) == 0 USD and unserved(images) == 0 pics", []),
        ("pool == 1 USD", []),
        ("drawn(p2) == 0 pics", [("R201", "p2")]),
        ("drawn(fee) == 0 pics", [("R201", "fee")]),
        ("fee.price == 1 USD", [("R201", "price")]),
        ("images.quantity == 1 pic", [("R201", "images.quantity")]),
        ("postpaid", [("R201", "postpaid")]),
        ("quantity == 1 pic", [("R201", "quantity")]),
        ("drawn(pool) == 0 USD", [("R205", "drawn(pool) == 0 USD")]),
        ("sum(images) == 3 pics", [("R201", "images")]),
    ],
)
def test_names_in_an_expectation(condition, expected):
    text = (
        BASE
        + "package pool { covers images; sizes { 10 pics 1 USD } }\ndeduct images from pool > fee\n"
        + "charge fee { on images; every month; when postpaid; rate 1 USD/pic }\n"
    )
    text += f'example "one" {{ buy 1 of pool 10 pics on 2026-03-01 as p1; expect {condition} }}\n'
    assert wrong(text) == expected


# ---------------------------------------------------------------- order in the file, circles


def test_the_place_in_the_file_means_nothing():
    lines = [
        'tariff demo { currency USD; timezone "UTC"; bytes by 1000 }',
        "unit crate = 2 box",
        "unit box = 12 pics",
        "unit pic, pics",
        "setting postpaid = on",
        "meter images in box",
        "grant free { covers images; size 3 crate; when postpaid }",
        "charge fee { on images; every month; when postpaid; rate 1 USD/crate }",
        "charge extra { every month; amount 10% of fee }",
        "charge more { every month; amount fee + extra }",
        "deduct images from free > fee",
        'example "one" { use 1 pic of images in 2026-03; expect fee == 1 USD }',
    ]
    forward, backward = tree("\n".join(lines)), tree("\n".join(reversed(lines)))
    assert codes("\n".join(reversed(lines))) == []
    assert forward.units["crate"] == backward.units["crate"]
    assert forward.units["crate"].scale == 24
    assert {c.name: c.needs for c in forward.charges.values()} == {c.name: c.needs for c in backward.charges.values()}


@pytest.mark.parametrize(
    ("charges", "circles"),
    [
        ({"a": "b", "b": "a"}, ["a > b > a"]),
        ({"a": "b", "b": "c", "c": "b"}, ["b > c > b"]),
        ({"a": "b", "b": "c", "c": "d", "d": "1 USD"}, []),
        ({"a": "b + c", "b": "d", "c": "d", "d": "1 USD"}, []),
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, ["a > b > a", "c > d > c"]),
        ({"a": "if postpaid then b else 1 USD", "b": "max(a, 1 USD)"}, ["a > b > a"]),
    ],
)
def test_circles(charges, circles):
    text = BASE + "".join(f"charge {name} {{ every month; amount {formula} }}\n" for name, formula in charges.items())
    found = [message for code, _, message in errors(text) if code == "R215"]
    assert found == [f"lines refer to each other in a circle: {circle}" for circle in circles]


def test_a_circle_through_every_part_of_a_charge():
    for part in (
        "when b > 1 USD; amount 1 USD",
        "minimum b; amount 1 USD",
        "maximum b; amount 1 USD",
        "on images; rate b / 1 pic",
    ):
        text = BASE + f"charge a {{ every month; {part} }}\ncharge b {{ every month; amount a }}\n"
        assert "R215" in codes(text), part


def test_an_order_of_need():
    order, circles = in_order_of_need({"a": ["b", "c"], "b": ["c"], "c": ["unknown"], "d": ["a"]})
    assert order == ["c", "b", "a", "d"]
    assert circles == []
    order, circles = in_order_of_need({"a": ["b"], "b": ["c"], "c": ["b", "a"]})
    assert circles == [("b", "c", "b"), ("a", "b", "c", "a")]
    assert set(order) == {"a", "b", "c"}


def test_a_long_chain_is_no_circle():
    chain = {f"c{i}": [f"c{i + 1}"] for i in range(50_000)}
    order, circles = in_order_of_need(chain)
    assert circles == []
    assert order[0] == "c49999"


# ---------------------------------------------------------------- units


@pytest.mark.parametrize(
    ("formula", "scale", "dimension"),
    [
        ("GB * second", 10**9, (("byte", 1), ("second", 1))),
        ("12 pics", 12, (("pic", 1),)),
        ("3.6 MB", 3_600_000, (("byte", 1),)),
        ("2 * (pic + 2 pics)", 6, (("pic", 1),)),
        ("GB / hour", 10**9 / 3600, (("byte", 1), ("second", -1))),
        ("1 / second", 1, (("second", -1),)),
        ("100 GB * 30 days", 100 * 10**9 * 30 * 86400, (("byte", 1), ("second", 1))),
        ("12", 12, ()),
    ],
)
def test_units_made_of_others(formula, scale, dimension):
    unit = tree(f"{BASE}unit made = {formula}\n").units["made"]
    assert float(unit.scale) == pytest.approx(float(scale))
    assert unit.dimension == dimension
    assert not unit.counted


def test_a_meter_in_a_made_unit():
    text = (
        HEADER
        + "unit GBs = GB * second\nmeter memory { field size in GB; measure sum(times * size * 1 second) in GBs }\n"
        + "charge fee { on memory; every month; rate 1 USD/GBs }\n"
    )
    assert codes(text) == []
    assert codes(text.replace("in GBs", "in GB * second")) == []
    assert codes(text.replace("* 1 second)", ")")) == ["R205"]


def test_bytes_by():
    for by, scale in ((1000, 1000**3), (1024, 1024**3)):
        made = tree(HEADER.replace("1000", str(by)) + "meter m in GB\n")
        assert made.units["GB"].scale == scale
        assert made.units["GiB"].scale == 1024**3
        assert made.bytes_by == by
    without = HEADER.replace("; bytes by 1000", "")
    assert codes(without + "meter m in GiB\nmeter n in Mbps\nmeter o in bytes\n") == ["C102"] * 3
    assert codes(without + "meter m in GB\nmeter n in MB\n") == ["R206", "R206"]


# ---------------------------------------------------------------- one mistake is reported once


@pytest.mark.parametrize(
    "mistake",
    [
        "unit pic , pics ??",
        "unit dozen = 12 unknown",
        "meter images in piks",
        "meter images { measure sum(unknown) in pics }",
        "meter images {\n  measure sum(quantity in pics\n}",
        "setting postpaid one of on, off, = on",
        "charge fee {\n  on images\n  every month\n}",
        "grant free {\n  covers images\n  size\n}",
        "package pack {\n  covers images\n  sizes { 1 pic }\n}",
    ],
)
def test_a_mistake_is_reported_where_it_is_and_nowhere_else(mistake):
    good = {
        "unit pic": "unit pic, pics",
        "unit dozen": "unit dozen = 12 pics",
        "setting postpaid": "setting postpaid = off",
        "meter images": "meter images in pics",
        "grant free": "grant free { covers images; size 3 pics }",
        "package pack": "package pack { covers images; sizes { 1 pic 1 USD }; refund in full if drawn == 0 pics }",
        "charge fee": "charge fee { on images; every month; when postpaid; rate 1 USD/pic }",
        "charge extra": "charge extra { every month; amount 10% of fee + images * 1 USD/dozen }",
        "deduct images": "deduct images from free > pack > fee",
        "example": 'example "one" { set postpaid on; use 3 pics of images in 2026-03; expect fee.quantity == 0 pics }',
    }
    assert codes(HEADER + "\n".join(good.values())) == []
    key = " ".join(mistake.split()[:2])
    text = HEADER + "\n".join(mistake if name == key else line for name, line in good.items()) + "\n"
    found = errors(text)
    assert len(found) == 1, found


def test_mistakes_in_two_declarations_are_both_reported():
    text = (
        HEADER
        + "unit pic, pics\nmeter a in piks\nmeter b { measure sum(unknown) in pics }\nsetting c = maybe\n"
        + "charge d { every never; amount 3 }\n"
    )
    assert codes(text) == ["R206", "R201", "R203", "R219", "R205"]
