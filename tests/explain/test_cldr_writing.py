"""Numbers, amounts, units, days and plurals as the CLDR writes them in each language."""

from __future__ import annotations

from fractions import Fraction

import pytest
from whenever import Date

from ratewright.explain.wording import languages
from ratewright.explain.wording.cldr_writing import CldrWriting
from ratewright.explain.wording.languages import told_in
from ratewright.explain.wording.phrases import Phrases
from ratewright.values.money import amount_text
from ratewright.values.readable import number_text
from ratewright.values.writing import written_as
from tests.explain.bills import plain


@pytest.mark.parametrize(
    ("language", "value", "decimals", "text"),
    [
        ("de", 1234567, 0, "1.234.567"),
        ("de", Fraction(-12345, 10), 2, "-1.234,50"),
        ("de", Fraction(1, 3), 0, "0,333333…"),
        ("zh-Hans", Fraction(12345, 10), 2, "1,234.50"),
        ("hi", 123456789, 0, "12,34,56,789"),
        ("hi", Fraction(1234567, 10), 0, "1,23,456.7"),
        ("fr", 1234567, 2, "1\u202f234\u202f567,00"),
        ("sv", -1234, 0, "\u22121\u202f234"),
    ],
)
def test_numbers(language: str, value, decimals: int, text: str) -> None:
    with written_as(CldrWriting(language)):
        assert number_text(value, decimals) == text


@pytest.mark.parametrize(
    ("language", "amount", "code", "text"),
    [
        ("de", 1650, "USD", "1.650,00 USD"),
        ("zh-Hans", 1650, "USD", "USD 1,650.00"),
        ("zh-Hans", -5, "CNY", "-CNY 5.00"),
        ("de", 1650, "JPY", "1.650 JPY"),
        ("de", 1650, "IDR", "1.650,00 IDR"),  # Babel's own digits are none
        ("de", 1650, "KWD", "1.650,000 KWD"),
    ],
)
def test_amounts_have_the_digits_of_the_standard(language: str, amount: int, code: str, text: str) -> None:
    with written_as(CldrWriting(language)):
        assert amount_text(amount, code) == text


@pytest.mark.parametrize(
    ("language", "number", "unit", "text"),
    [
        ("de", "1", "hour", "1 Stunde"),
        ("de", "1,5", "hours", "1,5 Stunden"),
        ("de", "3", "USD/hour", "3 USD/Stunde"),
        ("de", "2", "GB × hours", "2 GB × Stunden"),
        ("de", "3", "pics", "3 pics"),
        ("zh-Hans", "3", "days", "3天"),
        ("zh-Hans", "3", "USD/month", "USD 3/个月"),
        ("ru", "1", "day", "1 день"),
        ("ru", "3", "days", "3 дня"),
        ("ru", "11", "days", "11 дней"),
        ("ru", "1,5", "days", "1,5 дня"),
    ],
)
def test_units_of_time_by_their_plurals(language: str, number: str, unit: str, text: str) -> None:
    assert CldrWriting(language).quantity(number, unit) == text


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "день"), (3, "дня"), (5, "дней"), (11, "дней"), (21, "день"), (1003, "дня"), (Fraction(3, 2), "дня")],
)
def test_words_by_their_plurals(number, word: str) -> None:
    bill = plain()
    with written_as(CldrWriting("ru")):
        say = Phrases(bill.tariff, bill.calendar, bill.period)
        assert say.plural(number, one="день", few="дня", many="дней", other="дня") == word


@pytest.mark.parametrize(
    ("language", "day", "month", "year"),
    [
        ("de", "02.03.2026", "März 2026", "2026"),
        ("zh-Hans", "2026年3月2日", "2026年3月", "2026年"),
        ("en-GB", "2 Mar 2026", "March 2026", "2026"),
    ],
)
def test_days(language: str, day: str, month: str, year: str) -> None:
    write, at = CldrWriting(language), Date(2026, 3, 2)
    assert (write.date(at), write.month(at), write.year(at)) == (day, month, year)


@pytest.mark.parametrize(
    ("language", "written", "text"),
    [
        ("de", "2,500.5 USD/1,000 calls + 10%", "2.500,5 USD/1.000 calls + 10 %"),
        ("zh-Hans", "2,500.5 USD/1,000 calls - 1 EUR", "USD 2,500.5/1,000 calls - EUR 1"),
        ("de", "max(1,000, 2.5 hours) × price2.5", "max(1.000, 2,5 Stunden) × price2.5"),
        ("de", '"v1.5, 2 hours" × 1 day', '"v1.5, 2 hours" × 1 Tag'),
        ("de", "2026-03-02 10:00", "02.03.2026 10:00"),
        ("de", "day - 1", "day - 1"),
        ("de", "start of week(2026-03-02 10:00) + 2 days", "start of week(02.03.2026 10:00) + 2 Tage"),
        ("de", "round half up (1.5) to 2", "kaufmännisch gerundet (1,5) auf 2"),
    ],
)
def test_figures_of_a_rule_file(language: str, written: str, text: str) -> None:
    with told_in(language) if language in languages.languages() else written_as(CldrWriting(language)):
        assert languages._writing(language).figures(written) == text
