"""Numbers, dates and durations as readers see them, and columns of text."""

from fractions import Fraction

import pytest
from whenever import Date

from ratewright.explain.text import text_columns as columns
from ratewright.explain.text.text_columns import left, right, width_of, wrapped
from ratewright.explain.wording.phrases import Phrases
from ratewright.values.readable import number_text
from tests.explain.bills import plain

SAY = Phrases(plain().tariff, plain().calendar, plain().period)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (9950, 0, "9,950"),
        (796, 2, "796.00"),
        (-150, 2, "-150.00"),
        (Fraction(2, 25), 0, "0.08"),
        (Fraction(1, 3), 2, "0.333333…"),
        (Fraction(-10000, 3), 2, "-3,333.333333…"),
        (Fraction(1, 10**12), 0, "0.000000000001"),
        (Fraction(7, 3 * 10**9), 2, "0.0000000023333333…"),
        (Fraction(5, 2), 2, "2.50"),
    ],
)
def test_numbers(value, decimals: int, text: str) -> None:
    told = number_text(value, decimals)
    if "…" in text:
        assert told.startswith(text[:-3])
        assert told.endswith("…")
    else:
        assert told == text


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (Date(2026, 4, 1), Date(2026, 4, 3), "1 to 3 April 2026"),
        (Date(2026, 4, 1), Date(2026, 4, 1), "1 April 2026"),
        (Date(2026, 4, 28), Date(2026, 5, 3), "28 April to 3 May 2026"),
        (Date(2026, 12, 31), Date(2027, 1, 2), "31 December 2026 to 2 January 2027"),
    ],
)
def test_windows_of_dates(first: Date, last: Date, words: str) -> None:
    assert SAY.dates(first, last) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (113, "1 minute 53 seconds"),
        (3600, "1 hour"),
        (90061, "1 day 1 hour 1 minute 1 second"),
        (Fraction(121, 2), "1 minute 0.5 seconds"),
    ],
)
def test_durations(seconds, words: str) -> None:
    assert SAY.duration(seconds) == words


def test_columns_count_what_a_terminal_shows() -> None:
    assert width_of("abc") == 3
    assert width_of("9,950 × 0.08") == 12
    assert width_of("图像") == 4
    assert width_of("e\u0301") == 1
    assert left("图", 4) == "图  "
    assert right("图", 4) == "  图"


@pytest.mark.parametrize("width", [1, 2, 5, 13, 80])
@pytest.mark.parametrize("text", ["", "a b c", "word " * 30, "x" * 100, "图像" * 30, "a  b", "图 x" * 20])
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line) <= max(width, 2) for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("abcdef", 3, ["abc", "def"]),
        ("abcdefg", 3, ["abc", "def", "g"]),
        ("a abcd b", 3, ["a", "abc", "d b"]),
        ("图像图", 5, ["图像", "图"]),
        ("ae\u0301b", 2, ["ae\u0301", "b"]),  # a mark takes no column, and stays with its letter
        ("ab \u0301 cd", 3, ["ab \u0301", "cd"]),
    ],
)
def test_where_a_word_that_is_too_long_is_cut(text, width, lines) -> None:
    assert wrapped(text, width) == lines


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("pays 40.00 EUR of 271.54 EUR", 12, ["pays", "40.00 EUR of", "271.54 EUR"]),
        ("of 1.7692… GB left", 9, ["of", "1.7692…", "GB left"]),
        ("of 1.7692… GB left", 10, ["of", "1.7692… GB", "left"]),
        ("支付 CNY 40.00 元", 8, ["支付 CNY", "40.00 元"]),
        ("支付 CNY 40.00 元", 9, ["支付", "CNY 40.00", "元"]),
        ("at 0.05 EUR/GB", 12, ["at", "0.05 EUR/GB"]),
        ("21 of 31 days", 5, ["21 of", "31", "days"]),
        ("the 2 EURO", 9, ["the 2", "EURO"]),
    ],
)
def test_an_amount_is_on_one_line(text, width, lines) -> None:
    assert wrapped(text, width) == lines


@pytest.mark.parametrize("text", ["x", "图", "e\u0301", "x ", "longer than a line "])
def test_wrapping_looks_at_each_character_a_few_times_only(monkeypatch, text) -> None:
    """Twice the text costs twice the looks, also where it is one word."""
    looks = 0

    def counted(function, of):
        def look(text: str):
            nonlocal looks
            looks += of(text)
            return function(text)

        return look

    monkeypatch.setattr(columns, "_columns_of", counted(columns._columns_of, len))
    monkeypatch.setattr(columns, "width_of", counted(columns.width_of, len))
    found = []
    for times in (1_000, 2_000, 4_000):
        looks = 0
        wrapped(text * times, 30)
        found.append(looks / times)
    assert max(found) <= 5 * len(text)
    assert max(found) <= 1.1 * min(found)
