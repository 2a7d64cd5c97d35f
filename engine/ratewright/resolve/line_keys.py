"""Discounts and taxes that are kept apart: which names they may have, and that the lines they are on have them too."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.diagnostics import Span, did_you_mean
from ratewright.meaning import nodes as n
from ratewright.meaning.dependencies import lines_on
from ratewright.meaning.sums import SUMS
from ratewright.resolve.blocks import Block
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s


def keys_of_line(block: Block, meters: Mapping[str, n.Meter]) -> dict[str, n.Tag]:
    """The names of `by` in a discount or a tax, each with a mark of records that meters are kept apart by; what is
    wrong with them is reported."""
    statements = block.every(s.By)
    if not statements:
        return {}
    if block.declaration.word == "charge":
        block.report.error(
            "R203",
            "a charge has a line for each value that its meters are kept apart by",
            statements[0].span,
            f"write `{statements[0].span.text}` in the meter",
        )
        return {}
    known = {name: meter.tag(name) for meter in reversed([*meters.values()]) for name in meter.by}
    found: dict[str, n.Tag] = {}
    for name in (name for statement in statements for name in statement.names):
        if name.text in found:
            block.report.error("R204", f"`by {name.text}` stands twice", name.span, "keep one")
        elif name.text not in known:
            help = did_you_mean(name.text, list(known)) or f"keep the meter apart: `by {name.text}` in it"
            block.report.error("R201", f"no meter is kept apart by `{name.text}`", name.span, help)
        else:
            found[name.text] = known[name.text]
    return found


def check_keys(charges: Mapping[str, n.Charge], meters: Mapping[str, n.Meter], report: Report) -> None:
    """Report discounts and taxes that are kept apart by what the lines they are on are not."""
    for charge in charges.values():
        if charge.by and charge.word is not n.LineWord.CHARGE:
            _check(charge, charges, meters, report)


def _check(charge: n.Charge, charges: Mapping[str, n.Charge], meters: Mapping[str, n.Meter], report: Report) -> None:
    by = ", ".join(charge.by)
    place = charge.on.span if charge.on is not None else charge.span
    if charge.every.alone:
        report.error(
            "R203",
            f"`{charge.name}` is for each {charge.every.unit.value}, which has one `{by}`",
            place,
            "take `by` out, or bill it `every month`",
        )
        return
    names = lines_on(charge)
    if not names:
        help = "say of which lines: `on` and their names"
        report.error("R223", f"`{charge.name}` is kept apart by `{by}`, and is on no line", place, help)
    for name in names:
        if name in SUMS:
            message = f"`{name}` has what was bought too, which is not kept apart by `{by}`"
            report.error("R223", message, place, "name the lines that are")
        elif name in charges:
            _check_line(charge, charges[name], charges, meters, place, report)


def _check_line(
    charge: n.Charge,
    line: n.Charge,
    charges: Mapping[str, n.Charge],
    meters: Mapping[str, n.Meter],
    place: Span,
    report: Report,
) -> None:
    missing = next((name for name in charge.by if name not in line.by), None)
    if missing is not None:
        help = f"let its meters be kept apart `by {missing}`"
        if line.word is not n.LineWord.CHARGE:
            help = f"write `by {missing}` in it too"
        report.error(
            "R223",
            f"`{charge.name}` is kept apart by `{missing}`, and `{line.name}` is not",
            place,
            help,
            (("the line", line.span),),
        )
        return
    first, own = (_meter(each, charges, meters) for each in (charge, line))
    if first is None or own is None:
        return
    for name in charge.by:
        if first.tag(name).type != own.tag(name).type:
            report.error(
                "R223",
                f"`{name}` is not the same in meter `{first.name}` and in meter `{own.name}`",
                place,
                "declare it alike in both",
                ((f"`{first.name}`", first.span), (f"`{own.name}`", own.span)),
            )


def _meter(charge: n.Charge, charges: Mapping[str, n.Charge], meters: Mapping[str, n.Meter]) -> n.Meter | None:
    """The meter whose records say what a line is kept apart by; None where another line is wrong."""
    seen: set[str] = set()
    while not charge.meters:
        seen.add(charge.name)
        named = next((name for name in lines_on(charge) if name in charges), None)
        if named is None or named in seen:
            return None
        charge = charges[named]
    return meters.get(charge.meters[0])
