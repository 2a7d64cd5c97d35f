"""The lines of a bill as rows: charges, discounts and taxes with their price, what was bought, what was given back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ratewright.derivation import trace
from ratewright.diagnostics import Span
from ratewright.explain.document import Detail, Figure, Money, Note, Row
from ratewright.explain.wording.names_in_place import of_line, of_pool
from ratewright.explain.wording.own_sentences import is_told, pool_sentence, sentence_notes
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.time_phrases import beside
from ratewright.explain.wording.word_templates import phrase, sentences, wording
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.values.exact import Exact

_SHARES_SHOWN = 6


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


def charge_row(line: Line, why: trace.ChargeTrace, say: Phrases, detail: Detail) -> Row:
    """A charge, discount or tax: its arithmetic, the tier it reached and why; of one that is dropped only that."""
    if why.contract is not None and why.contract.dropped:
        return _dropped_row(line, why.contract, say, detail)
    price, in_formulas = why.price, detail == "full" or not is_told(why)
    notes = sentence_notes(line, why, say, detail)  # what says nothing is not asked: there may be thousands of lines
    if why.charge.every.first_use:
        notes += sentences("why", "charge", "window", why, say)
    if in_formulas and why.on is not None:
        notes += sentences("why", "charge", "on", why, of_line(why, say, on=True))
    say = of_line(why, say)
    if why.kept_away:
        notes += sentences("why", "away", "normal", why, say)
    notes += price_notes(why, say, in_formulas=in_formulas)
    if why.used is not None:
        notes += sentences("why", "charge", "normal", why, say)
    for less in why.less:
        notes += sentences("why", "less", "normal", less, say)
    if why.next_row is not None and (detail == "full" or not why.next_row.rises):
        notes += sentences("hint", "next_row", "normal", why.next_row, why.charge.unit, say)
    if why.contract is not None:
        notes += sentences("why", "contract", "scaled", why.contract, say)
    changed, rounding = changes(why, say)
    notes += changed
    for how in formulas_of(why) if in_formulas else ():
        if say.nested(how.readings):
            notes += [note for note in sentences("why", "reading", "nested", how.readings, say) if note not in notes]
    notes += rounding
    if why.billed_before is not None:
        notes += sentences("why", "charge", "billed", why, say)
    if why.contract is not None:
        notes += sentences("why", "contract", "normal", why.contract, say)
    if why.spread:
        notes += sentences("why", "share", "normal", why.spread, _SHARES_SHOWN, why.charge.spreads, say)
    if detail == "full":
        notes += _charge_in_full(why, say)
        notes += rule_notes(line.cite, line.rule, say)
    return Row(
        line.kind.value,
        line.source,
        label_of(line, say),
        quantity_of(line, say),
        phrase("away", "row", why, say) if why.kept_away else price_row(price, say),
        money(line.amount, line.exact, say),
        tuple(notes),
        line,
    )


def _dropped_row(line: Line, contract: trace.ContractTrace, say: Phrases, detail: Detail) -> Row:
    notes = sentences("why", "contract", "normal", contract, say)
    if detail == "full":
        notes += rule_notes(line.cite, line.rule, say)
    amount = money(line.amount, line.exact, say)
    return Row(line.kind.value, line.source, label_of(line, say), None, "", amount, tuple(notes), line)


def changes(why: trace.ChargeTrace, say: Phrases) -> tuple[list[Note], list[Note]]:
    """What became of the price before it was billed: the share of the period and the bounds, and the rounding."""
    notes: list[Note] = []
    if why.share is not None:
        notes += sentences("why", "proration", "normal", why.share, say)
    for bound in why.bounds:
        notes += sentences("why", "bound", "normal", bound, say)
    rounded = why.rounding.before != why.rounding.after
    return notes, sentences("why", "rounding", "normal", why.rounding, say) if rounded else []


def quantity_of(line: Line, say: Phrases) -> Figure | None:
    """What a line is for; nothing for a charge on no usage, and for what pools pay."""
    if isinstance(line.why, trace.ChargeTrace) and line.why.charge.on is None:
        return None
    if line.kind is LineKind.PAYMENT or (isinstance(line.why, trace.CorrectionTrace) and _no_usage(line, line.why)):
        return None
    return Figure(line.quantity, line.unit, say.quantity(line.quantity, line.unit))


def _no_usage(line: Line, why: trace.CorrectionTrace) -> bool:
    """Whether what a correction is of is an amount only, or the same usage as before."""
    return not line.quantity or why.corrects not in ("charge", "usage")


def _charge_in_full(why: trace.ChargeTrace, say: Phrases) -> list[Note]:
    notes: list[Note] = []
    for _, price in trace.prices_in(why.price):
        notes += sentences("more", kind_of(price), "full", price, say)
    if isinstance(why.price, trace.BlocksTrace):
        notes += sentences("more", "blocks", "full", why.price, say)
    if why.share is not None:
        notes += sentences("more", "proration", "full", why.share, say)
    for bound in why.bounds:
        notes += sentences("more", "bound", "full", bound, say)
    notes += sentences("more", "rounding", "full", why.rounding, say)
    if why.condition is not None and not why.kept_away:
        notes += sentences("more", "condition", "full", why.condition, say)
    for share in why.spread:
        notes += sentences("more", "share", "full", share, say)
    notes += sentences("more", "charge", "full", why, say)
    for how in formulas_of(why):
        notes += sentences("more", "reading", "full", how.readings, say)
    return list(dict.fromkeys(notes))


def formulas_of(why: trace.ChargeTrace) -> list[trace.Arithmetic]:
    """Every formula that a line was made with."""
    found = [why.on, why.share.how if why.share is not None else None, *(bound.how for bound in why.bounds)]
    if isinstance(why.price, trace.BlocksTrace):
        found += [block.bound.how for block in why.price.blocks]
    for _, price in trace.prices_in(why.price):
        found += [term.how for term in terms_of(price)]
        if isinstance(price, trace.FormulaTrace | trace.IncludedTrace):
            found.append(price.how)
        if isinstance(price, trace.VolumeTrace | trace.GraduatedTrace):
            found += [price.rows, *(tier.bound for tier in price.tiers)]
        if isinstance(price, trace.VolumeTrace):
            found.append(price.picked_how)
    return list(dict.fromkeys(how for how in found if how is not None))


def price_notes(why: trace.ChargeTrace, say: Phrases, *, in_formulas: bool = True) -> list[Note]:
    """The tier that was reached and why, and where prices come from that are no figures: once for each; without
    `in_formulas` no formula of a price, or of the whole amount."""
    notes: list[Note] = []
    if isinstance(why.price, trace.BlocksTrace) and not why.price.as_one:
        arithmetic = [price_row(block.price, say) for block in why.price.blocks]
        notes += sentences("why", "blocks", "normal", why.price, arithmetic, say)
    for _, price in trace.prices_in(why.price):
        if in_formulas or not isinstance(price, trace.FormulaTrace):
            notes += sentences("why", kind_of(price), "normal", price, say)
        for term in terms_of(price) if in_formulas else ():
            if term.how is not None:
                notes += sentences("why", "term", "normal", term, why.charge.unit, say)
    return list(dict.fromkeys(notes))


def price_row(price: trace.PriceTrace, say: Phrases) -> str:
    """The arithmetic of a price in one line; of one block alone that is not lowered its own."""
    if isinstance(price, trace.BlocksTrace) and price.as_one:
        price = price.blocks[0].price
    return phrase(kind_of(price), "row", price, say)


def terms_of(price: trace.PriceTrace) -> tuple[trace.TermTrace, ...]:
    """The terms of a price that were applied."""
    match price:
        case trace.RateTrace():
            return price.terms
        case trace.VolumeTrace() | trace.GraduatedTrace():
            return tuple(term for tier in price.tiers if tier.reached for term in tier.terms)
        case _:
            return ()


def label_of(line: Line, say: Phrases) -> str:
    """What a line is called: its title, what it is kept apart by, and its period where that is not the bill's."""
    parts = [called(line, say)]
    if line.key:
        parts.append(say.key(line.key))
    if line.period is not None and line.period != say.period:
        parts.append(say.label(line.period))
    return beside(*parts)


def called(line: Line, say: Phrases) -> str:
    """The title of a line, whatever its key and period."""
    title, why = say.label_of(line), line.why
    corrects = why.corrects if isinstance(why, trace.CorrectionTrace) else line.kind.value
    if corrects == LineKind.INCLUDED.value:
        title = wording("line", "of_it", title)
    if isinstance(why, trace.CorrectionTrace) and why.corrects == "refund" and line.at is not None:
        return wording("line", "given_back_on", title, say.day(line.at))
    if isinstance(why, trace.CorrectionTrace) and why.meter == line.source:
        return beside(title, wording("line", "not_covered"))
    return title


def named_line(label: str, kind: LineKind) -> str:
    """What all lines of a declaration are called, where what was bought of it or paid may stand beside them."""
    word = wording("comparison", "kind", kind.value) if kind is not LineKind.EXTENSION else ""
    return beside(label, word)


def purchase_row(line: Line, why: trace.PurchaseTrace, say: Phrases, detail: Detail) -> Row:
    """A package that was bought."""
    rule = rule_notes(why.pool.cite, why.row.span, say) if detail == "full" else ()
    return _bought_row("purchase", say.label_of(line), line, why, say, rule)


def extension_row(line: Line, why: trace.ExtensionTrace, say: Phrases, detail: Detail) -> Row:
    """More capacity that was bought."""
    rule = rule_notes(why.limit.cite, why.offer.span, say) if detail == "full" else ()
    return _bought_row("extension", wording("line", "added", say.label_of(line)), line, why, say, rule)


def _bought_row(
    kind: str,
    label: str,
    line: Line,
    why: trace.PurchaseTrace | trace.ExtensionTrace,
    say: Phrases,
    rule: Iterable[Note],
) -> Row:
    notes = (
        *sentences("why", kind, "normal", why, say),
        *sentences("why", "rounding", "normal", why.rounding, say),
        *(sentences("why", "contract", "normal", line.contract, say) if line.contract is not None else ()),
        *rule,
    )
    paid = money(line.amount, line.exact, say)
    return Row(kind, line.source, label, quantity_of(line, say), phrase(kind, "row", why, say), paid, notes, line)


def refund_row(why: trace.RefundTrace, line: Line | None, say: Phrases, detail: Detail) -> Row:
    """A request for money back, granted or refused; `line` where it changes the bill."""
    say = of_pool(why.pool, say)
    notes = sentences("why", "refund", "normal", why, say)
    if why.how is not None:
        notes += sentences("why", "reading", "nested", why.how.readings, say)
    if why.rounding is not None:
        notes += sentences("why", "rounding", "normal", why.rounding, say)
    if detail == "full":
        notes += sentences("more", "refund", "full", why, say)
        notes += sentences("quote", "rule", "quote", why.pool.cite, say)
    label = say.title(why.pool) if line is None else say.label_of(line)
    return Row(
        "refund",
        why.pool.name,
        label if line is None else wording("line", "given_back", label),
        None if line is None else quantity_of(line, say),
        phrase("refund", "row", why, say),
        money(0, 0, say) if line is None else money(line.amount, line.exact, say),
        tuple(notes),
        why if line is None else line,
        seen=line is None,
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
        seen=True,
    )


def payment_row(line: Line, why: trace.PaymentTrace, say: Phrases, detail: Detail) -> Row:
    """What a pool of money paid of a line or of the bill."""
    funds = say.bill.funds if say.bill is not None else ()
    lots = next((fund.lots for fund in funds if fund.pool.name == why.pool.name), ())
    notes = pool_sentence(why.pool, lots, why.amount, say, detail)
    notes += sentences("why", "payment", "normal", why, say)
    if detail == "full":
        notes += sentences("more", "payment", "full", why, say)
        notes += rule_notes(why.pool.cite, why.pool.span, say)
    return Row(
        "payment",
        line.source,
        label_of(line, say),
        None,
        phrase("payment", "row", why, say),
        money(line.amount, line.exact, say),
        tuple(notes),
        line,
    )


def short_row(line: Line, say: Phrases) -> Row:
    """A line in one line: what, how much, and the amount."""
    label = labelled_by_meter(line, label_of(line, say), say)
    why = line.why
    if isinstance(why, trace.ExtensionTrace):
        label = wording("line", "added", label)
    elif isinstance(why, trace.RefundTrace):
        label = wording("line", "given_back", label)
    amount = money(line.amount, line.exact, say)
    how = phrase("contract", "short", line.contract, say) if line.contract is not None else ""
    return Row(line.kind.value, line.source, label, quantity_of(line, say), how, amount, (), line)


def labelled_by_meter(line: Line, label: str, say: Phrases) -> str:
    """The label of a line with the meter that it prices before it, for where the meter has no heading."""
    if isinstance(line.why, trace.ChargeTrace) and len(line.why.charge.meters) == 1:
        meter = say.named(line.why.charge.meters[0])
        return label if meter.casefold() == say.label_of(line).casefold() else beside(meter, label)
    return label


def lines_of(bill: Bill, kind: LineKind) -> list[Line]:
    """The bill's lines of one kind."""
    return [line for line in bill.lines if line.kind is kind]
