"""`in order of`: which usage is served first within a period."""

from __future__ import annotations

from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as n
from ratewright.meaning.types import Kind
from ratewright.resolve.meters import tag_scope
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s


def resolve_serving(
    declaration: s.Deduct, meter: n.Meter, expressions: Expressions
) -> tuple[tuple[str, tuple[n.Value, ...]], ...]:
    """The names by which usage is ordered, each with its values: the choices as they are declared, or the keys of a
    table as its rows have them."""
    report = expressions.report
    found: dict[str, tuple[n.Value, ...]] = {}
    known = tag_scope(meter, {}).names
    for name in declaration.order:
        if name.text in found:
            report.error("R204", f"`in order of {name.text}` stands twice", name.span, "keep one")
        elif name.text not in known:
            help = did_you_mean(name.text, list(known)) or f"declare it there: `field {name.text} one of …`"
            report.error("R201", f"the usage of `{meter.name}` is not marked with `{name.text}`", name.span, help)
        else:
            values = _values(name, meter.tag(name.text), expressions)
            if values:
                found[name.text] = values
    return tuple(found.items())


def _values(name: s.Name, tag: n.Tag, expressions: Expressions) -> tuple[n.Value, ...]:
    """The values of a tag in their order; none where nothing says it (reported)."""
    if tag.type.kind is Kind.UNKNOWN:
        return ()
    if tag.type.kind is not Kind.TEXT:
        expressions.report.error(
            "R212",
            f"`{name.text}` is {tag.type}, and its values have no order",
            name.span,
            "order usage by a name with choices: `field kind one of large, small`",
        )
        return ()
    if tag.type.choices:
        return tag.type.choices
    tables = [t for t in expressions.tables.values() if name.text in t.by]
    orders = {order: t for t in tables if (order := t.key_choices(t.by.index(name.text)))}
    if len(orders) == 1:
        return next(iter(orders))
    shown = " and ".join(f"`{t.name}`" for t in orders.values())
    why = f"{shown} have its values in different orders" if orders else "no choices and no table say its order"
    expressions.report.error(
        "R212",
        f"usage cannot be served in order of `{name.text}`: {why}",
        name.span,
        f"declare its values in their order: `field {name.text} one of …`",
        (("declared", tag.span),),
    )
    return ()
