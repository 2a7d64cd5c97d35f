"""The lines of a bill as rows: charges with their price, what was bought, what was given back."""

from __future__ import annotations

from functools import cache

from ratewright.diagnostics import Span
from ratewright.explain.document import Detail, Figure, Money, Note, Row
from ratewright.explain.environment import clean, phrase, sentences
from ratewright.explain.phrases import Phrases
from ratewright.rating import trace
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.values.exact import Exact


def kind_of(node: object) -> str:
    """The kind of a trace node, which names its words template: a `RuleTried` is `rule_tried`."""
    return kind_name(type(node).__name__)


@cache
def kind_name(name: str) -> str:
    """The kind for the name of a node's class: `VolumeTrace` is `volume`."""
    short = name.removesuffix("Trace")
    return "".join(f"_{c.lower()}" if c.isupper() and n else c.lower() for n, c in enumerate(short))


def rule_notes(cite: str, span: Span, say: Phrases) -> list[Note]:
    """For the full length: the sentence of the source, and where the rule is written."""
    return [*sentences("quote", "rule", "quote", cite, say), *sentences("rule", "rule", "place", span, say)]


def money(amount: Exact, exact: Exact, say: Phrases) -> Money:
    """An amount of the bill."""
    return Money(amount, exact, say.money(amount))


def charge_row(
    bill: Bill,
    line: Line,
    why: trace.ChargeTrace,
    meter: trace.MeterTrace | None,
    say: Phrases,
    detail: Detail,
) -> Row:
    """A charge: its arithmetic, the tier it reached and why. `meter` is the one whose rest it prices."""
    price, kind = why.price, kind_of(why.price)
    notes = sentences("why", kind, "normal", price, say)
    notes += sentences("why", "charge", "normal", why, meter, say)
    notes += _cliff(why, say)
    for bound in why.bounds:
        notes += sentences("why", "bound", "normal", bound, say)
    notes += sentences("why", "rounding", "normal", why.rounding, say)
    if detail == "full":
        notes += _charge_in_full(why, meter, say)
        notes += rule_notes(line.cite, line.rule, say)
    return Row(
        "charge",
        line.source,
        _label(bill, line, say),
        Figure(line.quantity, line.unit, say.quantity(line.quantity, line.unit)) if why.charge.on else None,
        phrase(kind, "row", price, say),
        money(line.amount, line.exact, say),
        tuple(notes),
        line,
    )


def _charge_in_full(why: trace.ChargeTrace, meter: trace.MeterTrace | None, say: Phrases) -> list[Note]:
    price = why.price
    notes = sentences("more", kind_of(price), "full", price, say)
    for term in _terms(price):
        notes += sentences("more", "term", "full", term, why.charge.unit, say)
    for bound in why.bounds:
        notes += sentences("more", "bound", "full", bound, say)
    notes += sentences("more", "rounding", "full", why.rounding, say)
    if why.condition is not None:
        notes += sentences("more", "condition", "full", why.condition, say)
    return notes + sentences("more", "charge", "full", why, meter, say)


def _terms(price: trace.PriceTrace) -> tuple[trace.TermTrace, ...]:
    match price:
        case trace.RateTrace():
            return price.terms
        case trace.VolumeTrace() | trace.GraduatedTrace():
            return tuple(term for tier in price.tiers if tier.reached for term in tier.terms)
        case _:
            return ()


def _cliff(why: trace.ChargeTrace, say: Phrases) -> list[Note]:
    """The nearest tier not reached in which all would cost less, if nothing else bounds the line."""
    price = why.price
    if not isinstance(price, trace.VolumeTrace) or any(b.applied for b in why.bounds):
        return []
    for tier in price.tiers:
        if tier.short_by is not None and tier.amount_there is not None and tier.amount_there < price.amount:
            return sentences("hint", "tier", "cliff", tier, price.unit, say)
    return []


def _label(bill: Bill, line: Line, say: Phrases) -> str:
    if line.period is None or line.period == bill.period:
        return clean(line.label)
    return f"{clean(line.label)}, {say.stretch(line.period.start, line.period.end)}"


def purchase_row(line: Line, why: trace.PurchaseTrace, say: Phrases, detail: Detail) -> Row:
    """A package that was bought."""
    notes = sentences("why", "purchase", "normal", why, say)
    if detail == "full":
        notes += rule_notes(why.pool.cite, why.row.span, say)
    return Row(
        "purchase",
        line.source,
        clean(line.label),
        Figure(line.quantity, line.unit, say.quantity(line.quantity, line.unit)),
        phrase("purchase", "row", why, say),
        money(line.amount, line.exact, say),
        tuple(notes),
        line,
    )


def extension_row(line: Line, why: trace.ExtensionTrace, say: Phrases, detail: Detail) -> Row:
    """More capacity that was bought."""
    notes = sentences("why", "extension", "normal", why, say)
    if detail == "full":
        notes += rule_notes(why.limit.cite, why.offer.span, say)
    return Row(
        "extension",
        line.source,
        f"{clean(line.label)}, added",
        Figure(line.quantity, line.unit, say.quantity(line.quantity, line.unit)),
        phrase("extension", "row", why, say),
        money(line.amount, line.exact, say),
        tuple(notes),
        line,
    )


def refund_row(why: trace.RefundTrace, line: Line | None, say: Phrases, detail: Detail) -> Row:
    """A request for money back, granted or refused; `line` where it changes the bill."""
    notes = sentences("why", "refund", "normal", why, say)
    if why.rounding is not None:
        notes += sentences("why", "rounding", "normal", why.rounding, say)
    if detail == "full":
        notes += sentences("more", "refund", "full", why, say)
        notes += sentences("quote", "rule", "quote", why.pool.cite, say)
    label = say.title(why.pool) if line is None else clean(line.label)
    return Row(
        "refund",
        why.pool.name,
        label if line is None else f"{label}, given back",
        None if line is None else Figure(line.quantity, line.unit, say.quantity(line.quantity, line.unit)),
        phrase("refund", "row", why, say),
        money(0, 0, say) if line is None else money(line.amount, line.exact, say),
        tuple(notes),
        why if line is None else line,
    )


def pause_row(why: trace.PauseTrace, say: Phrases, detail: Detail) -> Row:
    """A request to put a package on hold."""
    notes = sentences("why", "pause", "normal", why, say)
    if detail == "full":
        notes += sentences("more", "pause", "full", why, say)
    return Row(
        "pause",
        why.pool.name,
        say.title(why.pool),
        None,
        phrase("pause", "row", why, say),
        None,
        tuple(notes),
        why,
    )


def line_row(bill: Bill, line: Line, meter: trace.MeterTrace | None, say: Phrases, detail: Detail) -> Row:
    """The row of any line."""
    match line.why:
        case trace.ChargeTrace() as why:
            return charge_row(bill, line, why, meter, say, detail)
        case trace.PurchaseTrace() as why:
            return purchase_row(line, why, say, detail)
        case trace.ExtensionTrace() as why:
            return extension_row(line, why, say, detail)
        case trace.RefundTrace() as why:
            return refund_row(why, line, say, detail)


def short_row(bill: Bill, line: Line, say: Phrases) -> Row:
    """A line in one line: what, how much, and the amount."""
    label = _label(bill, line, say)
    why = line.why
    quantity: Figure | None = Figure(line.quantity, line.unit, say.quantity(line.quantity, line.unit))
    if isinstance(why, trace.ChargeTrace):
        if len(why.charge.meters) == 1:
            label = f"{say.named(why.charge.meters[0])}, {label}"
        if why.charge.on is None:
            quantity = None
    elif isinstance(why, trace.ExtensionTrace):
        label = f"{label}, added"
    elif isinstance(why, trace.RefundTrace):
        label = f"{label}, given back"
    return Row(line.kind.value, line.source, label, quantity, "", money(line.amount, line.exact, say), (), line)


def lines_of(bill: Bill, kind: LineKind) -> list[Line]:
    """The bill's lines of one kind."""
    return [line for line in bill.lines if line.kind is kind]
