"""What stands in statements beside formulas: lengths, kinds, cadences, prices, times → their canonical text."""

from __future__ import annotations

from ratewright.printing.expression_text import (
    NONE,
    Level,
    Words,
    amounts_text,
    expression_text,
    figure,
    lookup_text,
    names_text,
    quantity_text,
    quoted,
    time_text,
    unit_name_text,
    value_text,
)
from ratewright.printing.rows import started_text, terms_text
from ratewright.syntax import nodes as n

Written = tuple[str, str]
"""The keyword of a statement, and the rest of its line. Where the rest is empty, nothing is aligned."""


def formula(node: n.Expression, level: Level = Level.SUM, *taken: str) -> str:
    """An expression as a statement takes it: a sum, where nothing else is said."""
    return expression_text(node, level, frozenset(taken))


def amount_text(node: n.Quantity | n.Length) -> str:
    """`10 GB`, `7 days`."""
    return quantity_text(node.value, node.unit.text)


def kind_text(node: n.Kind) -> str:
    """What a setting or field holds: `text`, `one of a, b`, `in GB`, `number below 0`."""
    below = f" below {figure(node.below.value)}" if node.below is not None else ""
    if node.unit is not None:
        return f"in {unit_name_text(node.unit)}{below}"
    return f"one of {names_text(node.choices)}" if node.kind == "choice" else f"{node.kind}{below}"


def default_text(kind: n.Kind | None, node: n.Expression | None) -> str:
    """` = value`, or nothing; in quotes what is said to be a text."""
    if node is None:
        return ""
    if kind is not None and kind.kind == "text" and isinstance(node, n.Text):
        return f" = {quoted(node.text)}"
    return f" = {value_text(node)}"


def cadence_text(node: n.Cadence) -> str:
    """`month`, `4 months`, `month on day 15`, `month from purchase`, `day from first use`."""
    text = node.unit.text if node.count == 1 else f"{figure(node.count)} {node.unit.text}"
    if node.day is not None:
        text += f" on day {node.day.text if isinstance(node.day, n.Name) else figure(node.day)}"
    if node.first_use:
        return f"{text} from first use"
    return text + (f" from {formula(node.start)}" if node.start is not None else "")


def price_text(node: n.Price) -> str:
    """A price of a `rate`."""
    if not node.terms:
        return "not sold"
    taken: Words = frozenset({"not"})
    terms = []
    for term in node.terms:
        terms.append(amounts_text(term.expression, Level.PRODUCT, taken) + started_text(term.block))
        taken = NONE
    return terms_text(node, terms)


def attributes_text(attributes: tuple[tuple[n.Name, n.Expression], ...]) -> str:
    """` with name value, name value`, or nothing."""
    said = ", ".join(f"{name.text} {value_text(value)}" for name, value in attributes)
    return f" with {said}" if said else ""


def period_text(form: str, start: n.Time, end: n.Time | None) -> str:
    """The time of records: `in 2026-03`, `on 2026-03-02`, `from … to …`."""
    if end is not None:
        return f" from {time_text(start)} to {time_text(end)}"
    word = ("in" if start.month else "on") if form == "each" else form
    return f" {word} {time_text(start)}"


def optional_text(word: str, node: n.Time | n.Name | n.Length | n.Quantity | None) -> str:
    """` word value`, or nothing."""
    match node:
        case None:
            return ""
        case n.Time():
            return f" {word} {time_text(node)}"
        case n.Name():
            return f" {word} {node.text}"
        case _:
            return f" {word} {quantity_text(node.value, node.unit.text)}"


def rows_text(node: n.Expression) -> str:
    """Where the rows of tiers come from: a table, some of its keys given, or a choice in parentheses."""
    match node:
        case n.Ref(name=name) if name.text not in _OF_TIERS:
            return name.text
        case n.Lookup(table=table, column=None) if table.text not in _OF_TIERS:
            return lookup_text(node)
        case n.Group(inner=inner) | inner:
            return f"({expression_text(inner)})"


_OF_TIERS: Words = frozenset({"by", "cheapest", "in"})
