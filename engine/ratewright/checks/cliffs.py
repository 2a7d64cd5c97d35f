"""Bills that fall as usage grows: at the bounds of `volume` tiers the next tier may cost less in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ratewright.checks.fixed_lines import FixedLine
from ratewright.diagnostics import Diagnostic, Severity, Span
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import parts
from ratewright.values.money import amount_text
from ratewright.values.units import quantity_text


def falling_bills(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each bound behind which the bill is lower than before it: what is billed on both sides of it.

    Told of lines whose prices, bounds, minimum and maximum are figures, and whose quantity is that of a meter or a
    line, or grows with one. Where a row has columns, the first in which it falls is told, and how many others there
    are.
    """
    for charge in tariff.charges.values():
        if isinstance(charge.form, tree.Volume) and charge.reached is None and not charge.form.cheapest:
            found: dict[Span, list[tuple[str, str]]] = {}
            for key, tiers in _tiers(charge.form):
                line = FixedLine.of(charge, tiers, tariff)
                for span, message in _falls(line, tiers, tariff.currency) if line is not None else ():
                    found.setdefault(span, []).append((key, message))
            for span, falls in found.items():
                yield _note(span, falls)


def _note(span: Span, falls: list[tuple[str, str]]) -> Diagnostic:
    (key, message), others = falls[0], len(falls) - 1
    column = f", for {key}" if key else ""
    if others:
        column += f" and {others} other column{'s' if others > 1 else ''}"
    return Diagnostic(
        "C101",
        f"the bill falls {message.format(column=column)}",
        span,
        "if the price list means this, nothing is to be done; if each slice has its own price, write `graduated`",
        Severity.NOTE,
    )


def _tiers(form: tree.Volume) -> Iterator[tuple[str, tuple[tree.Tier, ...]]]:
    """The rows of a form: those that stand in it, and those of each column of its tables, with the column's keys."""
    if form.tiers:
        yield "", form.tiers
    for part in parts(form.rows) if form.rows is not None else ():
        if isinstance(part, tree.RowsOf):
            for key, tiers in part.columns.items():
                yield ", ".join(f"`{value}`" for value in key), tiers


def _falls(line: FixedLine, tiers: Sequence[tree.Tier], currency: str) -> Iterator[tuple[Span, str]]:
    """The rows at whose end the bill falls, and how far; `{column}` stands for the column."""
    for place, (tier, _) in enumerate(pairwise(tiers)):
        sides = line.beside(place)
        if sides is None or sides.after >= sides.before:
            continue
        title = line.charge.title.replace("{", "{{").replace("}", "}}")
        before, after = amount_text(sides.before, currency), amount_text(sides.after, currency)
        bound, usage = quantity_text(line.rows[place].upper or 0, tier.bound.unit), f" of {line.usage}" * line.formula
        if sides.last is not None and sides.first is not None:
            how = (
                f"{title} is {before} for {quantity_text(sides.last, line.unit_of(tier))}{usage}, "
                f"and {after} for {quantity_text(sides.first, line.unit_of(tier))}"
            )
        elif sides.first is not None:
            where = "it" if not line.formula else f"{quantity_text(sides.first, line.unit_of(tier))}{usage}"
            how = f"just below {where} {title} comes close to {before}, and from there on to {after}"
        else:
            where = quantity_text(sides.at, line.unit_of(tier))
            over = "just over " if sides.grows else ""
            how = f"{title} is {before} for {where}{usage}, and {over}{after} for anything more"
        yield tier.span, f"at {bound}{{column}}: {how}"
