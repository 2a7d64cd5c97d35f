"""The parts of a difference as rows: what changed, by how much, and what that comes to."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.comparison.parts import Aspect, Change, Comparison, Part, State
from ratewright.derivation import trace
from ratewright.explain.document import Detail, Figure, Money, Note, Row
from ratewright.explain.rows.line_rows import changes, kind_of, label_of, price_row, rule_notes
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.time_phrases import beside
from ratewright.explain.wording.word_templates import phrase, sentences
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.values.exact import Exact, exact, summed

_LINES_TOLD = 3


def say_of(bill: Bill) -> Phrases:
    """How the figures of one of the bills are written."""
    return Phrases(bill.tariff, bill.calendar, bill.period)


def more(amount: Exact, say: Phrases, of: Exact | None = None) -> Money:
    """An amount by which something is more, with its sign."""
    return Money(amount, amount if of is None else of, f"{'+' if amount > 0 else ''}{say.money(amount)}")


def part_row(part: Part, comparison: Comparison, say: Phrases, detail: Detail) -> Row:
    """One part. Where orders differ there is no arithmetic: it is their mean."""
    change = part.change
    amount = more(part.amount, say, part.exact)
    if change is None:
        notes = sentences("why", "comparison", "rounding", comparison.step, say)
        return Row("rounding", "rounding", phrase("comparison", "rounded"), None, "", amount, tuple(notes), part)
    was, now = (say_of(bill) for bill in change.bills)
    group = change.group
    label = beside(_label(change, now if change.now.lines else was), _aspect(change))
    if part.least != part.most:
        how = phrase("comparison", "mean", comparison.orders, say)
        notes = sentences("why", "comparison", "range", part, say)
        return Row(part.aspect.value, group.source, label, None, how, amount, tuple(notes), part)
    notes = _notes(change, was, now)
    if detail == "full":
        line = line_of(change)
        notes += rule_notes(line.cite, line.rule, now if change.now.lines else was)
    shown = () if detail == "short" else tuple(notes)
    return Row(
        part.aspect.value,
        group.source,
        label,
        _quantity(change, was),
        _how(change, part.exact, was, now),
        amount,
        shown,
        part,
    )


def _aspect(change: Change) -> str:
    """What of a line is another, where it is not the line as a whole or what it is for."""
    if change.aspect is not Aspect.REST:
        return phrase("comparison", change.aspect.value)
    lines = [line.why for line in (*change.was.lines, *change.now.lines) if isinstance(line.why, trace.ChargeTrace)]
    share = any(why.share is not None and why.share.ratio != 1 for why in lines)
    bounds = any(bound.applied for why in lines for bound in why.bounds)
    before = any(why.billed_before for why in lines)
    return phrase("comparison", "rest", share, bounds, before)


def line_of(change: Change) -> Line:
    """A line that stands for the group."""
    return (change.now.lines or change.was.lines)[-1]


def _label(change: Change, say: Phrases) -> str:
    line = line_of(change)
    own = Phrases(say.tariff, say.calendar, line.period) if line.period is not None else say
    label = label_of(line, own)
    kind = phrase("comparison", "kind", change.group.kind.value)
    return beside(label, kind)


def _quantity(change: Change, say: Phrases) -> Figure | None:
    line = line_of(change)
    if not change.by or change.group.kind in (LineKind.DISCOUNT, LineKind.TAX):
        return None
    if change.aspect in (Aspect.ROW, Aspect.PRICE):
        return Figure(change.by, line.unit, say.quantity(change.by, line.unit))
    text = say.quantity(change.by if change.by > 0 else -change.by, line.unit)
    return Figure(change.by, line.unit, phrase("comparison", "by", text, change.by > 0))


def _how(change: Change, amount: Exact, was: Phrases, now: Phrases) -> str:
    """The arithmetic of a part."""
    unit, old, new = line_of(change).unit, change.was, change.now
    sign = -1 if change.group.kind is LineKind.DISCOUNT else 1
    match change.aspect:
        case Aspect.USED | Aspect.QUANTITY | Aspect.QUOTA | Aspect.UNSERVED:
            term = old.price or new.price
            assert term is not None
            sign = -sign if change.aspect in (Aspect.QUOTA, Aspect.UNSERVED) else sign
            return phrase("comparison", "times", _with(term, sign * change.by), unit, amount, was if old.price else now)
        case Aspect.ROW | Aspect.PRICE:
            assert old.price is not None
            assert new.price is not None
            term = _with(new.price, sign * change.by)
            prices = was.price(old.price, unit), now.price(term, unit)
            return phrase("comparison", "prices", term, *prices, unit, amount, now)
        case Aspect.SLICE:
            one = _price_of_slice(change)
            if one is not None:
                return phrase(
                    "comparison", "times", _with(one, sign * change.by), unit, amount, was if old.tiers else now
                )
            before, after = (_slice(state, change.slice)[2] for state in (old, new))
        case Aspect.REST:
            before, after = old.rest, new.rest
        case _:
            before, after = old.amount, new.amount
    return phrase("comparison", "amounts", before, after, bool(old.lines), bool(new.lines), now)


def _with(term: trace.TermTrace, quantity: Exact) -> trace.TermTrace:
    return trace.TermTrace(term.term, term.text, term.price, quantity, None, exact(quantity * term.price), term.how)


def _slice(state: State, number: int) -> tuple[trace.TierTrace | None, Exact, Exact]:
    return state.tiers[number] if state.tiers else (None, 0, 0)


def _price_of_slice(change: Change) -> trace.TermTrace | None:
    """The price for each unit of a row, where both bills have the same for it."""
    found = []
    for state in (change.was, change.now):
        tier, quantity, amount = _slice(state, change.slice)
        if tier is None or not (quantity or amount):
            continue
        if len(tier.terms) != 1 or not isinstance(tier.terms[0].term, tree.UnitPrice):
            return None
        if abs(amount) != abs(exact(tier.terms[0].price * quantity)):
            return None
        found.append(tier.terms[0])
    return found[0] if found and all(term.price == found[0].price for term in found) else None


def _notes(change: Change, was: Phrases, now: Phrases) -> list[Note]:
    unit, old, new = line_of(change).unit, change.was, change.now
    match change.aspect:
        case Aspect.USED:
            return sentences("why", "comparison", "quantities", old.used, new.used, unit, "used", now)
        case Aspect.QUOTA:
            told = sentences("why", "comparison", "quantities", old.covered, new.covered, unit, "quota", now)
            return [*told, *_pools(change, now)]
        case Aspect.UNSERVED:
            return sentences("why", "comparison", "quantities", old.unserved, new.unserved, unit, "unserved", now)
        case Aspect.QUANTITY:
            follows = change.group.kind in (LineKind.DISCOUNT, LineKind.TAX)
            return sentences("why", "comparison", "bases", old.quantity, new.quantity, unit, follows, now)
        case Aspect.ROW:
            rows = [(price, price.quantity if price.picked_by is None else price.picked_by, say)
                    for state, say in ((new, now), (old, was))
                    for price in [_volume(state)] if price is not None]  # fmt: skip
            return sentences("why", "comparison", "rows", rows, unit) if len(rows) > 1 else []
        case Aspect.PRICE:
            assert new.price is not None
            return sentences("why", "term", "normal", new.price, unit, now)
        case Aspect.SLICE:
            return _slice_notes(change, was, now)
        case _:
            return [*_told("now", new.lines, now, change.aspect), *_told("before", old.lines, was, change.aspect)]


def _pools(change: Change, say: Phrases) -> list[Note]:
    """What each quota paid for, where the meter is not kept apart."""
    why = line_of(change).why
    if change.group.key or not isinstance(why, trace.ChargeTrace):
        return []
    was, now = (_covered(bill, why.charge.meters[0]) for bill in change.bills)
    notes: list[Note] = []
    for name in dict.fromkeys((*now, *was)):
        old, new = was.get(name, 0), now.get(name, 0)
        if old != new:
            notes += sentences("why", "comparison", "pool", say.named(name), old, new, line_of(change).unit, say)
    return notes


def _covered(bill: Bill, meter: str) -> dict[str, Exact]:
    found = [source for made in bill.meters if made.meter.name == meter for source in made.sources]
    return {one.pool.name: summed(s.covered for s in found if s.pool is one.pool) for one in found}


def _volume(state: State) -> trace.VolumeTrace | None:
    prices = (line.why.price for line in state.lines if isinstance(line.why, trace.ChargeTrace))
    return next((price for price in prices if isinstance(price, trace.VolumeTrace)), None)


def _slice_notes(change: Change, was: Phrases, now: Phrases) -> list[Note]:
    for state, say in ((change.now, now), (change.was, was)):
        tier = _slice(state, change.slice)[0]
        for line in state.lines:
            price = line.why.price if isinstance(line.why, trace.ChargeTrace) else None
            if isinstance(price, trace.GraduatedTrace) and any(each is tier for each in price.tiers):
                old, new = (_slice(each, change.slice)[1] for each in (change.was, change.now))
                return sentences("why", "comparison", "slice_of", price, tier, old, new, say)
    return []


def _told(word: str, lines: Sequence[Line], say: Phrases, aspect: Aspect) -> list[Note]:
    """How the lines of one bill came to their amount, where they are few."""
    if len(lines) > _LINES_TOLD:
        priced = isinstance(lines[0].why, trace.ChargeTrace) and lines[0].why.charge.meters
        quantity = summed(line.quantity for line in lines) if priced else None
        return sentences("why", "comparison", "many", word, len(lines), quantity, lines[0].unit, say)
    found: list[Note] = []
    for line in lines:
        if aspect is Aspect.REST and isinstance(line.why, trace.ChargeTrace):
            texts = [note.text for note in changes(line.why, say)[0]] + [
                note.text for note in sentences("why", "charge", "billed", line.why, say)
            ]
        else:
            texts = [_arithmetic(line, say)]
        for text in texts if texts != [_whole(line, say)] else ():
            found += sentences("why", "comparison", "told", word, text)
    return found


def _whole(line: Line, say: Phrases) -> str:
    """The amount that the row says already."""
    price = line.why.price if isinstance(line.why, trace.ChargeTrace) else None
    return "" if price is None or isinstance(price, trace.UnusedTrace) else say.money(price.amount)


def _arithmetic(line: Line, say: Phrases) -> str:
    if isinstance(line.why, trace.ChargeTrace):
        return price_row(line.why.price, say)
    return phrase(kind_of(line.why), "row", line.why, say)
