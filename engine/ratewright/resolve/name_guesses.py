"""What a name that means nothing was probably meant as."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ratewright.advice.foreign_functions import unit_called, value_named
from ratewright.advice.foreign_numbers import written_in_full
from ratewright.advice.words import listed
from ratewright.meaning.types import Kind, Type, fits
from ratewright.resolve.findings import Report
from ratewright.resolve.scope import Scope
from ratewright.resolve.written_units import EXPONENT, WrittenUnits
from ratewright.syntax import nodes as s
from ratewright.values.money import minor_digits
from ratewright.values.units import BYTES_BY_NAMES, MONTH, SECOND, Unit

ON_OFF = {"yes": "on", "true": "on", "enabled": "on", "no": "off", "false": "off", "disabled": "off"}
_FEW = 8
_GLUED = re.compile(r"([0-9]+)([A-Za-z_]\w*)", re.ASCII)
_UNDERSCORED = re.compile(r"[0-9]+(?:_[0-9]+)+", re.ASCII)
_BASED = re.compile(r"0[xob][0-9A-Fa-f]+", re.ASCII)
_LONGEST_EXPONENT = 18
_OF_TIME = {SECOND: ", or multiply it by `length(period)`; the days of a period are `days(period)`", MONTH: ""}


def guess(text: str, scope: Scope, wanted: Type, units: Mapping[str, Unit], report: Report) -> str:
    """What to write for a name that means nothing in a scope."""
    help = scope.hints.get(text) or (scope.instead if text in report.declared else "")
    if not help and report.declared.get(text) == "package" and "charges" in scope.names:
        return "what was bought stands in `charges`, `subtotal` and `total`, and not by its name"
    if not help and wanted.kind is Kind.TEXT and text.lower() in ON_OFF:  # compared with a text it is one
        return f"write one of {', '.join(wanted.choices)}" if wanted.choices else f'a text stands in quotes: "{text}"'
    help = help or misread(text, units)
    if report.full:
        return help or scope.instead or "write something that is declared"
    if not help and text not in report.declared:
        help = report.close(text, [*wanted.choices, *units, *BYTES_BY_NAMES, *scope.names]) or value_named(text)
    if help:
        return help
    if wanted.choices and scope.looks_up:
        rows = listed([f"`{choice}`" for choice in wanted.choices[:_FEW]], "or")
        return f"name a setting, or what usage is marked with, that says which row; for always the same write {rows}"
    if wanted.choices:
        return f"write one of {', '.join(wanted.choices)}"
    if wanted.kind is Kind.TEXT:
        return f'a text stands in quotes: "{text}"'
    if _GLUED.fullmatch(text):
        return "it is read as one name: the unit of a figure stands apart from it"
    return _known(scope, wanted) or scope.instead or "write something that is declared"


def misread(text: str, units: Mapping[str, Unit]) -> str:
    """For a name that was meant as a number, or as on or off."""
    glued, exponent = _GLUED.fullmatch(text), EXPONENT.fullmatch(text)
    if exponent:
        mantissa, power = exponent.groups()
        short = power and int(power) <= _LONGEST_EXPONENT
        return f"write the number out: {int(mantissa) * 10 ** int(power):,}" if short else "write the number out"
    if glued and glued.group(2) in units:
        return f"a number stands apart from its unit: `{glued.group(1)} {glued.group(2)}`"
    if glued and (unit := unit_called(glued.group(2))) in units:
        return f"write `{glued.group(1)} {unit}`"
    if glued and (many := written_in_full(*glued.groups())):
        return f"write the number out: `{many}`"
    if _UNDERSCORED.fullmatch(text):
        return f"commas group three digits: {int(text):,}"
    if _BASED.fullmatch(text):
        return "write the number in decimal digits"
    return f"write `{ON_OFF[text.lower()]}`" if text.lower() in ON_OFF else ""


def remedy_of_type(node: s.Expression, found: Type, wanted: Type, units: WrittenUnits) -> str:
    """What to write for an expression of one type where another is wanted."""
    text = node.span.text
    if wanted.kind is Kind.FLAG:
        if isinstance(node, s.Text) and text in ON_OFF:
            return f"write `{ON_OFF[text]}`"
        return f"compare it with something: `{text} {'==' if found.kind is Kind.TEXT else '>'} …`"
    if wanted.kind is Kind.TEXT and wanted.choices:
        return f"write one of {', '.join(wanted.choices)}"
    if wanted.kind is Kind.TEXT:
        return f'a text stands in quotes: "{text}"'
    if wanted.kind is Kind.INSTANT:
        return "write a date: 2026-03-01"
    return _remedy_of_figure(node, found, wanted, units)


def _remedy_of_figure(node: s.Expression, found: Type, wanted: Type, units: WrittenUnits) -> str:
    text = node.span.text
    if found.kind is not Kind.FIGURE:
        return "write a figure, or a name that stands for one"
    if isinstance(node, s.Percent):
        return f"say of what: `{text} of …`"
    if not wanted.dimension:
        return "write the number without a unit, or divide by one: `… / 1 GB`"
    if isinstance(node, s.Number):
        return units.with_unit(text, wanted)
    for time, otherwise in _OF_TIME.items():
        if sorted(found.dimension) == sorted([*wanted.dimension, (time[0][0], -1)]):
            return f"money is for the period that `every` says: write it without `/`{otherwise}"
    if isinstance(node, s.Quantity):
        return f"write it {units.phrase(wanted)}"
    if len(found.dimension) == 1 and minor_digits(str(wanted)) is not None:
        return f"multiply it by a price: `… * 0.01 {wanted}/{found.dimension[0][0]}`"
    return f"multiply or divide it until it is {units.phrase(wanted)}"


def _known(scope: Scope, wanted: Type) -> str:
    """The names that could stand there, if they are few: all of them, or those of the wanted type."""
    names = list(scope.names)
    if len(names) > _FEW and wanted.kind is not Kind.UNKNOWN:
        any_span = None
        names = [name for name, maker in scope.names.items() if fits(maker(any_span).type, wanted)]  # type: ignore[arg-type]
    return f"known here: {', '.join(f'`{name}`' for name in names)}" if 0 < len(names) <= _FEW else ""
