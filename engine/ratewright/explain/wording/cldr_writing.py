"""How another language than English writes figures, amounts and days: the CLDR's symbols and patterns, by Babel.

Digits are those of the exact numbers: Babel formats none of them. The decimals of a currency are ISO 4217's, as
everywhere. Imported only where a language is asked for.
"""

from __future__ import annotations

import re
from datetime import date as calendar_date
from decimal import Decimal
from functools import cache

from babel import Locale, dates, numbers, units
from whenever import Date

from ratewright.explain.wording.word_templates import wording
from ratewright.values.money import minor_digits
from ratewright.values.writing import Writing

_DURATIONS = "nanosecond microsecond millisecond second minute hour day week month quarter year".split()
_SPACES = re.compile("[\u00a0\u202f]")
_THIN = "\u202f"
_SAMPLES = (*range(26), 100, 1_000, 1_000_000, Decimal("0.5"), Decimal("1.5"))
"""Numbers among which there is one of each plural form of any language."""

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_FIGURE = re.compile(
    r'(?P<quoted>"[^"\n]*")'
    r"|(?P<day>\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b)"
    rf"|(?<![\w.])(?P<number>{_NUMBER})(?:(?P<percent>%)|(?P<space> ?)(?P<unit>[A-Za-z_]\w*))?"
    r"|(?P<word>(?:start|end) of \w+(?=\()|round(?: half)? (?:up|down|even)\b|[A-Za-z_]\w*)"
)
_WORD = re.compile(r"[A-Za-z_]\w*")
_OPERATORS = ("of", "to", "round", "round up", "round down", "round half up", "round half down", "round half even")
_BARE = re.compile("[0-9.]+")


class CldrWriting(Writing):
    """The way one language writes."""

    def __init__(self, language: str) -> None:
        self.language = language
        locale = self._locale = Locale.parse(language, sep="-")
        symbols = numbers.get_group_symbol(locale), numbers.get_decimal_symbol(locale)
        self._signs = {",": _SPACES.sub(_THIN, symbols[0]), ".": symbols[1], "-": numbers.get_minus_sign_symbol(locale)}
        self._symbols = str.maketrans(self._signs)
        self._grouping = numbers.parse_pattern(locale.decimal_formats[None]).grouping
        self._before = locale.currency_formats["standard"].pattern.startswith("¤")
        self._percent = _SPACES.sub(" ", locale.percent_formats[None].pattern.partition(";")[0])
        names = dates.get_month_names("wide", "stand-alone", locale)
        self.months = tuple(names[number] for number in range(1, 13))
        self._lengths = {
            name: lengths for unit in _DURATIONS for name in (unit, f"{unit}s") for lengths in (self._length(unit),)
        }

    def _length(self, unit: str) -> dict[str, str]:
        """How so many of a unit of time are written, for each plural form: `{} Stunden`."""
        found: dict[str, str] = {}
        for number in _SAMPLES:
            form = self._locale.plural_form(number)
            if form not in found:
                text = units.format_unit(number, f"duration-{unit}", "long", locale=self._locale)
                shown = numbers.format_decimal(number, locale=self._locale)
                found[form] = _SPACES.sub(" ", text.replace(shown, "{}"))
        return found

    # numbers

    def number(self, text: str) -> str:
        if self._grouping != (3, 3):
            text = self._grouped(text)
        return text.translate(self._symbols)

    def _grouped(self, text: str) -> str:
        """The number with its groups as they are counted here: the last of so many digits, those before of others."""
        return re.sub(r"\d[\d,]*", lambda found: self._groups(found[0].replace(",", "")), text, count=1)

    def _groups(self, digits: str) -> str:
        last, others = self._grouping
        head, tail = digits[:-last], digits[-last:]
        parts: list[str] = []
        while head:
            head, part = head[:-others], head[-others:]
            parts.insert(0, part)
        return ",".join([*parts, tail])

    def form(self, number: str) -> str:
        return self._form(self._english(number))

    def _form(self, number: str) -> str:
        """The plural form of a number as English writes it: `one`, `few`, `many`, `other` or what there is."""
        return self._locale.plural_form(Decimal("".join(_BARE.findall(number)) or "0"))

    def money(self, number: str, code: str) -> str:
        if not self._before:
            return f"{number} {code}"
        minus = self._signs["-"]
        return f"{minus}{code} {number.removeprefix(minus)}" if number.startswith(minus) else f"{code} {number}"

    def percent(self, number: str) -> str:
        return re.sub(r"[#0,.]+", lambda _: number, self._percent, count=1)

    def quantity(self, number: str, name: str) -> str:
        if name == "%":
            return self.percent(number)
        if name in self._lengths:
            return self._lasting(self._english(number), name, number)
        code, slash, rest = name.partition("/")
        if self._before and minor_digits(code) is not None:
            return f"{self.money(number, code)}{slash}{self.unit(rest)}"
        return f"{number} {self.unit(name)}"

    def _lasting(self, number: str, name: str, shown: str) -> str:
        lengths = self._lengths[name]
        return lengths.get(self._form(number), lengths["other"]).replace("{}", shown)

    def _english(self, number: str) -> str:
        """A number of this language as English writes it; groups do not matter."""
        group, point = self._signs[","], self._signs["."]
        return number.replace(group, "").replace(point, ".")

    def unit(self, name: str) -> str:
        return _WORD.sub(lambda found: self._name(found[0]), name)

    def _name(self, word: str) -> str:
        """A unit of time as one or several of it are called; any other as it is."""
        if word not in self._lengths:
            return word
        number = "1" if word in _DURATIONS else "2"
        return self._lasting(number, word, "").strip()

    def figures(self, text: str) -> str:
        return _FIGURE.sub(self._figure, text)

    def _figure(self, found: re.Match[str]) -> str:
        if found["day"]:
            return self.date(Date.parse_iso(found["day"]))
        if found["percent"]:
            return self.percent(self.number(found["number"]))
        if found["number"] is not None:
            return self._amount(found["number"], found["space"] or "", found["unit"] or "")
        if found[0] in _OPERATORS:
            return wording("reading", "operator", found[0])
        behind = found.string[: found.start()].rstrip()[-1:]
        return self._name(found[0]) if behind and behind in "/×*" else found[0]

    def _amount(self, written: str, space: str, unit: str) -> str:
        number = self.number(written)
        if not unit:
            return number
        if minor_digits(unit) is not None:
            return self.money(number, unit)
        return self._lasting(written, unit, number) if unit in self._lengths else f"{number}{space}{unit}"

    # days

    def date(self, date: Date) -> str:
        return dates.format_date(_plain(date), "medium", locale=self._locale)

    def day(self, date: Date) -> str:
        return dates.format_date(_plain(date), "long", locale=self._locale)

    def short_month(self, date: Date) -> str:
        return str(dates.get_month_names("abbreviated", "stand-alone", self._locale)[date.month])

    def month(self, date: Date) -> str:
        return dates.format_skeleton("yMMMM", _plain(date), locale=self._locale)

    def year(self, date: Date) -> str:
        return dates.format_skeleton("y", _plain(date), locale=self._locale)

    # words, which stand in the templates

    def span(self, first: str, last: str) -> str:
        return wording("time", "span", first, last)

    def value(self, word: str) -> str:
        return wording("reading", "value", word)


def _plain(date: Date) -> calendar_date:
    return calendar_date(date.year, date.month, date.day)


@cache
def cldr_writing(language: str) -> CldrWriting:
    """The way a language writes, made once."""
    return CldrWriting(language)
