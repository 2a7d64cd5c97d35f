"""Every limit at the limit and one past it; hostile text; encodings."""

from __future__ import annotations

import time

import pytest

from ratewright.checks.run import check, decode_rules, read_rules
from ratewright.diagnostics import Source, draw
from ratewright.limits import Limits
from ratewright.syntax.parser import parse_expression
from tests.syntax.trees import HEADER, read


def codes(text: str, limits: Limits | None = None) -> list[str]:
    _, found = check(Source("rules.tariff", text), *([limits] if limits else []))
    return [d.code for d in found if d.code[0] == "R"]


def fee(formula: str) -> str:
    charge = f"charge fee {{ on pics_made; every month; amount {formula} }}\n"
    return f"{HEADER}unit pic, pics\nmeter pics_made in pics\n{charge}"


# ---------------------------------------------------------------- sizes


def test_a_file_of_a_mebibyte_is_read_and_a_byte_more_is_not():
    text = fee("1 USD")
    full = text + "#" * (1024 * 1024 - len(text))
    assert codes(full) == []
    assert codes(full + "#") == ["R105"]
    assert "1,048,577 bytes" in check(Source("r", full + "#"))[1][0].message


def test_the_size_is_that_of_the_bytes():
    text = fee("1 USD")
    assert codes(text + "# é", Limits(rule_file_bytes=len(text) + 3)) == ["R105"]
    assert codes(text + "# é", Limits(rule_file_bytes=len(text) + 4)) == []


def test_a_large_file_is_refused_fast(tmp_path):
    text = "meter a {" * 1_200_000
    began = time.process_time()
    assert [d.code for d in read(text)[1]] == ["R105"]
    path = tmp_path / "large.tariff"
    path.write_text(text)
    source, problems = read_rules(path)
    assert source is None
    assert [d.code for d in problems] == ["R105"]
    assert time.process_time() - began < 1


def nested(depth: int) -> dict[str, str]:
    return {
        "brackets": "(" * depth + "1 USD" + ")" * depth,
        "minus": "- " * depth + "1 USD",
        "minus and brackets": "-(" * (depth // 2) + "1 USD" + ")" * (depth // 2) + (" + 0 USD" if depth % 2 else ""),
        "of": "10% of " * depth + "1 USD",
        "if": "if on then 1 USD else " * depth + "1 USD",
        "not": f"if {'not ' * (depth - 1)}on then 1 USD else 2 USD",
        "calls": "max(1 USD, " * depth + "1 USD" + ")" * depth,
    }


@pytest.mark.parametrize("kind", nested(1))
def test_a_formula_may_be_nested_to_the_limit(kind):
    assert codes(fee(nested(100)[kind])) == []
    assert codes(fee(nested(101)[kind])) == ["R105"]


@pytest.mark.parametrize(
    "formula",
    [
        "-" * 99 + "(" + "-" * 99 + "(1 USD" + "))",
        ("(" + "-" * 50) * 60 + "1 USD" + ")" * 60,
        "max(1 USD, 1 USD + 1 * " * 90 + "1 USD" + ")" * 90,
        "(" * 90 + "1 USD" + " + 1 * 1 USD)" * 90,
        "if on then 1 USD else (" * 80 + "1 USD" + ")" * 80,
        "10% of (" * 80 + "1 USD" + ")" * 80,
        "(((" + "(10% of -" * 60 + "1 USD" + ")" * 63,
    ],
)
def test_kinds_of_nesting_add_up(formula):
    """None of them passes the limit alone; a tree this deep would break whoever walks it."""
    assert codes(fee(formula)) == ["R105"]


def test_what_stands_side_by_side_is_not_nested():
    sum_of_shares = " + ".join(["10% of -1 USD"] * 300)
    calls = "max(" + ", ".join(["if on then 1 USD else (2 USD)"] * 300) + ")"
    conditions = "if " + " and ".join(["not not on"] * 300) + " then 1 USD else 2 USD"
    for formula in (sum_of_shares, calls, conditions, "1 USD" + " - (1 USD * 1)" * 300):
        assert codes(fee(formula)) == []


@pytest.mark.parametrize(("start", "operator"), [("1 USD", " + 1 USD"), ("1 USD", " * 1")])
def test_a_formula_may_have_ten_thousand_terms(start, operator):
    assert codes(fee(start + operator * 9_999)) == []
    assert codes(fee(start + operator * 10_000)) == ["R105"]


@pytest.mark.parametrize("operator", [" and on", " or on"])
def test_a_condition_may_have_ten_thousand_parts(operator):
    assert codes(fee(f"if on{operator * 9_999} then 1 USD else 2 USD")) == []
    assert codes(fee(f"if on{operator * 10_000} then 1 USD else 2 USD")) == ["R105"]


def test_a_table_may_have_a_thousand_rows():
    def tiers(count):
        rows = "".join(f"up to {i} {i} USD\n" for i in range(1, count))
        charge = f"charge fee {{ on m; every month\n volume {{\n{rows}beyond 1 USD\n}} }}\n"
        return f"{HEADER}unit pic, pics\nmeter m in pics\n{charge}"

    assert codes(tiers(1_000)) == []
    assert codes(tiers(1_001)) == ["R105"]


def test_a_number_may_have_38_digits_and_18_decimals():
    assert codes(fee("9" * 38 + " USD")) == []
    assert codes(fee("9" * 39 + " USD")) == ["R103"]
    assert codes(fee("0." + "9" * 18 + " USD")) == []
    assert codes(fee("0." + "9" * 19 + " USD")) == ["R103"]


def test_an_exact_value_does_not_outgrow_its_limit():
    text = (
        HEADER
        + "unit a = "
        + "9" * 38
        + " second\n"
        + "".join(f"unit {b} = {a} * {a}\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    )
    assert [d.code for d in check(Source("r", text))[1]] == ["A601"]


def test_years_have_limits():
    for date, expected in (("1900-01-01", []), ("1899-12-31", ["R104"]), ("2200-12-31", []), ("2201-01-01", ["R104"])):
        text = HEADER.replace("bytes by 1024", f"effective from {date}") + "unit a"
        assert codes(text) == expected


# ---------------------------------------------------------------- texts that cost time


@pytest.mark.parametrize(
    "text",
    [
        "a\n" * 100_000,
        "}\n" * 100_000,
        "{" * 200_000,
        "meter m {\n" * 25_000,
        "meter m\n" * 25_000,
        "#\u200d\n" * 50_000,
        '"\u200d" ' * 37_000,
        "\u200b" * 85_000,
        '"' * 250_000,
        '"\\' * 125_000,
        ";" * 250_000,
        "\n" * 250_000,
        " " * 250_000,
        "unit " + "a" * 250_000,
        "unit a\n" * 25_000,
        "unit a = " + "b * " * 50_000 + "c",
        "charge c { amount " + "(" * 225_000,
        "1" * 250_000,
        "1," * 125_000,
        "1,000" * 50_000,
        "2026-03-01" * 25_000,
        'tariff t { currency USD; timezone "UTC" }\n'
        + "".join(f"charge c{i} {{ every month; amount c{i + 1} }}\n" for i in range(5_000)),
        'tariff t { currency USD; timezone "UTC" }\n'
        + "".join(f"charge c{i} {{ every month; amount c{(i + 1) % 4000} }}\n" for i in range(4_000)),
        'tariff t { currency USD; timezone "UTC" }\n'
        + "".join(f"unit u{i} = 2 u{i + 1}\n" for i in range(6_000))
        + "unit u6000",
        'tariff t { currency USD; timezone "UTC" }\n'
        + "".join(f"unit u{i} = {'9' * 38} u{i + 1}\n" for i in range(4_000))
        + "unit u4000",
        'tariff t { currency USD; timezone "UTC" }\n'
        + "".join(f"unit u{i}\n" for i in range(4_000))
        + "unit x = "
        + " * ".join(f"u{i}" for i in range(4_000)),
        'tariff t { currency USD; timezone "UTC" }\nunit u = '
        + "9" * 38
        + " second\nmeter m in "
        + " * ".join(["u"] * 4_000),
        'tariff t { currency USD; timezone "UTC" }\ncharge c { every month; amount '
        + " + ".join(f"1 USD / {10**37 + 2 * i + 1}" for i in range(4_000))
        + " }",
        'tariff t { currency USD; timezone "UTC" }\ncharge c { every month; amount '
        + " / ".join(f"{10**37 + 2 * i + 1}" for i in range(4_000))
        + " * 1 USD }",
    ],
    ids=lambda text: repr(text[:16]),
)
def test_no_text_takes_long(text):
    """Each is a quarter of what a file may hold, and made to cost more than its size."""
    began = time.process_time()
    _, found = check(Source("rules.tariff", text))
    for diagnostic in found[:20]:
        draw(diagnostic)
    assert time.process_time() - began < 5


# ---------------------------------------------------------------- characters

NOWHERE = (
    "\x00\x01\x07\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x85\x9f"
    + "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ud800\udfff\r"
)
NOT_IN_CODE = "\u00a0\u00ad\u061c\u180e\u2003\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u2064\u3000\ufeff\U000e0041"


@pytest.mark.parametrize("character", NOWHERE, ids=lambda c: f"U+{ord(c):04X}")
def test_some_characters_are_refused_everywhere(character):
    for text in (
        f"unit a{character}b",
        f"unit {character}a",
        f'setting a text = "x{character}y"',
        f"unit a # x{character}y",
    ):
        _, problems = read(text)
        assert [p.code for p in problems] == ["R106"], text
        assert f"U+{ord(character):04X}" in problems[0].message
        drawn = draw(problems[0])
        assert character not in drawn
        drawn.encode()


@pytest.mark.parametrize("character", NOT_IN_CODE, ids=lambda c: f"U+{ord(c):04X}")
def test_some_are_refused_outside_texts_and_comments(character):
    for text in (f"unit a{character}b", f"unit{character}a"):
        assert [p.code for p in read(text)[1]] == ["R106"]
        assert character not in draw(read(text)[1][0])
    for text in (f'setting a text = "x{character}y"', f"unit a # x{character}y"):
        assert not read(text)[1]


def test_only_the_first_hidden_characters_are_listed():
    assert len(read("\u200b" * 1000)[1]) == 20


@pytest.mark.parametrize("digits", ["\u0663", "\uff13", "\u0969", "\U0001d7db"])
def test_digits_of_other_scripts_are_no_digits(digits):
    made, problems = parse_expression(Source("formula", f"1 + {digits}"))
    assert made is None
    assert [(p.code, p.span.text, p.help) for p in problems] == [("R103", digits, "write `3`")]
    assert read(f"unit a{digits}")[1]


@pytest.mark.parametrize("letters", ["é", "ß", "价", "\u0430", "\u212a"])  # the last two look like `a` and `K`
def test_letters_of_other_scripts_are_in_no_name(letters):
    for text in (f"unit {letters}", f"unit a{letters}", f"unit {letters}a"):
        (problem,) = read(text)[1]
        assert problem.code == "R101"
        assert letters in problem.span.text


@pytest.mark.parametrize("sign", ["²", "½", "½x", "Ⅷ", "①"])
def test_other_signs_that_stand_for_numbers_are_refused(sign):
    assert read(f"charge c {{ amount 2{sign} }}")[1]
    assert read(f"charge c {{ amount {sign} }}")[1]


# ---------------------------------------------------------------- bytes


def test_a_byte_order_mark_at_the_start_is_dropped():
    source, problems = decode_rules(b"\xef\xbb\xbf" + fee("1 USD").encode(), "r")
    assert not problems
    assert source.text == fee("1 USD")
    assert [d.code for d in check(source)[1]] == []


@pytest.mark.parametrize(
    "data",
    [
        b"unit a\nunit b # caf\xe9\n",
        "unit a".encode("utf-16"),
        "unit a".encode("utf-32"),
        b"unit \xff",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"unit a # \xf5\x80\x80\x80",
        b"\xe2\x82",
    ],
)
def test_other_encodings_are_refused(data):
    source, problems = decode_rules(data, "r")
    assert source is None
    assert [p.code for p in problems] == ["R107"]
    assert "UTF-8" in problems[0].message
    draw(problems[0])


def test_the_line_of_a_wrong_byte_is_named():
    assert decode_rules(b"unit a\nunit b # caf\xe9\n", "r")[1][0].message == "line 2 of `r` is not UTF-8"


def test_files_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "missing.tariff", tmp_path):
        source, problems = read_rules(path)
        assert source is None
        assert [p.code for p in problems] == ["R107"]


def test_a_file_is_read(tmp_path):
    path = tmp_path / "a.tariff"
    path.write_bytes(b"unit a\r\nunit b\r\n")
    source, problems = read_rules(path)
    assert not problems
    assert source.line(1) == "unit a"
