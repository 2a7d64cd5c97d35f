"""Amounts among prices per unit: `0.59 USD` below `in USD/kWh` would be charged once, whatever is used."""

from __future__ import annotations

import re

from ratewright.meaning import nodes as n
from ratewright.meaning.types import Kind, Type
from ratewright.resolve.context import Context
from ratewright.syntax import nodes as s
from ratewright.values.units import Unit, currency_unit

_AMOUNT = re.compile(r"(?<![\w.,])([0-9][0-9.,]*) ([A-Z]{3})(?![\w/])")


def is_flat(type_: Type, unit: Unit | None, currency: str) -> bool:
    """Whether a figure is an amount, and `unit` is that of prices per unit."""
    money = currency_unit(currency).dimension
    per_unit = unit is not None and len(unit.dimension) > 1 and set(money) <= set(unit.dimension)
    return per_unit and type_.kind is Kind.FIGURE and type_.dimension == money


def is_flat_price(price: n.Price, unit: Unit | None, currency: str) -> bool:
    """Whether a price is nothing but amounts, and `unit` is that of prices per unit. Nothing is nothing either way."""
    return bool(price.terms) and all(
        isinstance(term, n.FlatAmount)
        and is_flat(term.expression.type, unit, currency)
        and not (isinstance(term.expression, n.Constant) and term.expression.value == 0)
        for term in price.terms
    )


def refuse_flat(cell: s.Node, unit: Unit, context: Context) -> None:
    """Say, once for each cell, that it is an amount where prices per unit were announced."""
    text, per = cell.span.text, unit.singular.partition("/")[2]
    message = f"`{text}` is one amount, and the unit behind `in` is {unit.singular}"
    if any(said.span == cell.span and said.message == message for said in context.report.diagnostics):
        return
    written = _AMOUNT.sub(rf"\1 \2/{per}", text)
    price = f"write `{written}`" if written != text else f"write a price for each {per}"
    help = f"{price}; if it is charged once, whatever is used, leave `in {unit.singular}` out and write each unit"
    context.report.error("R205", message, cell.span, help)
