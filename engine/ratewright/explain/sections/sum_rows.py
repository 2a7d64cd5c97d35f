"""The foot of a bill: a ladder from the charges to what is due, on which each step is the difference of two sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ratewright.derivation import trace
from ratewright.explain.document import Detail, Figure, Note, Row
from ratewright.explain.rows.line_rows import lines_of, money
from ratewright.explain.sections.adjustment_sections import paid_of
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import phrase, sentences
from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import charge_expressions
from ratewright.meaning.walk import given_in
from ratewright.rating.bill import Bill, Line, LineKind
from ratewright.values.exact import Exact, exact, summed
from ratewright.values.money import minor_unit
from ratewright.values.rounding import Way, round_to


class Ladder(NamedTuple):
    """The foot of a bill without the sums on the way: the charges with the steps are what is due."""

    charges: Exact
    steps: tuple[Row, ...]
    due: Row


def ladder(rows: Sequence[Row]) -> Ladder:
    """The steps among the rows of `sum_rows`. How a payable amount is rounded, behind what is due, is none of them."""
    sums = [row for row in rows if row.kind == "sum"]
    due = next(row for name in ("due", "total") for row in sums if row.name == name)
    steps = [row for row in rows[: _total(rows)] if row.kind != "sum"]
    return Ladder(_amount(sums[0]), (*steps, *_behind_the_total(rows)), due)


def _total(rows: Sequence[Row]) -> int:
    return next(number for number, row in enumerate(rows) if (row.kind, row.name) == ("sum", "total"))


def _behind_the_total(rows: Sequence[Row]) -> list[Row]:
    """What was paid of the total."""
    return [row for row in rows[_total(rows) :] if row.kind not in ("sum", "rounding")]


def paid_of_all(bills: Iterable[Sequence[Row]], say: Phrases) -> list[Row]:
    """A step for each pool: what it paid of the totals of several bills, each with the rows of `sum_rows`."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for rows in bills:
        for row in _behind_the_total(rows):
            found.setdefault((row.kind, row.name, row.label), []).append(row)
    return [_step(*of, summed(map(_amount, members)), say) for of, members in found.items()]


def _amount(row: Row) -> Exact:
    assert row.money is not None
    return row.money.amount


def sum_rows(bill: Bill, say: Phrases, detail: Detail) -> tuple[Row, ...]:
    """The sums that differ from the one behind them or that a line goes by, and the steps between them. The total is
    always there, and what is to be paid stands last."""
    named = set(_named(bill))
    discounts = list(_by_source(lines_of(bill, LineKind.DISCOUNT), say))
    paid = list(_by_source([line for line, _ in paid_of(bill, "subtotal")], say))
    taxes = list(_taxes(lines_of(bill, LineKind.TAX), say))
    corrections = _step("correction", "corrections", phrase("foot", "corrections", say), bill.corrections, say)
    rounding = _rounding(bill.exact_total, bill.total, bill.rounding.step, say)
    corrected = [corrections] if lines_of(bill, LineKind.CORRECTION) else []
    rows: list[Row] = []
    if discounts or bill.charges != bill.subtotal or "charges" in named:
        rows.append(_sum("charges", bill.charges, say))
    rows += discounts
    if rows or paid or taxes or corrected or rounding or bill.subtotal != bill.exact_total or "subtotal" in named:
        rows.append(_sum("subtotal", bill.subtotal, say))
    if paid:
        left = exact(bill.subtotal + summed(map(_amount, paid)))
        rows += [*paid, _sum("left", left, say, phrase("foot", "left", say))]
    rows += [*taxes, *corrected, *rounding, total_row(bill, say, detail), *_paid_of_total(bill, say)]
    return (*rows, *to_pay(bill.due, rows[-1].kind == "sum" and bill.due == bill.total, say))


def to_pay(due: Exact, told: bool, say: Phrases) -> Iterator[Row]:
    """What is due, unless a total has told it: said to be the customer's where it is below 0, and rounded where it is
    finer than what can be paid."""
    credit = due < 0
    if credit or not told:
        yield _owed("due", due, "credit" if credit else "due", say)
    step = minor_unit(say.currency)
    whole = round_to(due, step, Way.HALF_UP)
    if whole != due:
        yield from _rounding(due, whole, step, say)
        row = _owed("payable", whole, "payable_to_you" if credit else "payable", say)
        yield row._replace(notes=tuple(sentences("why", "foot", "finer", step, say)))


def _owed(name: str, amount: Exact, words: str, say: Phrases) -> Row:
    """What is to be paid; a credit without its sign, since its words say whose it is."""
    shown = money(amount, amount, say)._replace(text=say.money(-amount if amount < 0 else amount))
    return Row("sum", name, phrase("foot", words, say), money=shown)


def total_row(bill: Bill, say: Phrases, detail: Detail) -> Row:
    """The total, and how it was rounded where the rules round the bill."""
    notes: list[Note] = []
    if detail != "short":
        notes += _inside(bill, say)
        notes += sentences("why", "rounding", "own" if bill.corrections else "normal", bill.rounding, say)
    if detail == "full":
        notes += sentences("more", "rounding", "full", bill.rounding, say)
    return Row(
        "sum",
        "total",
        phrase("foot", "total"),
        money=money(bill.total, bill.exact_total, say),
        notes=tuple(notes),
        node=bill,
    )


def _sum(name: str, amount: Exact, say: Phrases, label: str = "") -> Row:
    return Row("sum", name, label or phrase("foot", name), money=money(amount, amount, say))


def _step(kind: str, name: str, label: str, amount: Exact, say: Phrases) -> Row:
    return Row(kind, name, label, money=money(amount, amount, say))


def _by_source(lines: Sequence[Line], say: Phrases) -> Iterator[Row]:
    """A step for each discount, or for each pool of money that paid."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.source, []).append(line)
    for name, members in found.items():
        yield _step(members[0].kind.value, name, say.label_of(members[0]), summed(m.amount for m in members), say)


def _inside(bill: Bill, say: Phrases) -> Iterator[Note]:
    """The sum of each tax inside prices that has several lines, as one for each day."""
    for (_, share), members in _by_rate(lines_of(bill, LineKind.INCLUDED)).items():
        if len(members) > 1:
            base, amount = (summed(getattr(line, name) for line in members) for name in ("quantity", "amount"))
            label = say.label_of(members[0])
            yield from sentences("why", "foot", "inside", label, base, share, amount, len(members), say)


def _by_rate(lines: Sequence[Line]) -> dict[tuple[str, Exact | None], list[Line]]:
    """The lines of each tax and each of its rates."""
    found: dict[tuple[str, Exact | None], list[Line]] = {}
    for line in lines:
        found.setdefault((line.source, tax_rate(line)), []).append(line)
    return found


def _taxes(lines: Sequence[Line], say: Phrases) -> Iterator[Row]:
    """A step for each tax and each of its rates, with what it is on."""
    for (name, rate), members in _by_rate(lines).items():
        step = _step("tax", name, say.label_of(members[0]), summed(m.amount for m in members), say)
        if members[0].unit.singular == say.currency:
            base = summed(line.quantity for line in members)
            figure = Figure(base, members[0].unit, say.money(base))
            step = step._replace(quantity=figure, how=phrase("foot", "rate", base, rate, say))
        yield step._replace(node=rate)


def tax_rate(line: Line) -> Exact | None:
    """The rate of a tax or of its correction; None where its amount is something else than a share of what it is on."""
    quantity, amount, why = line.quantity, line.exact, line.why
    if isinstance(why, trace.CorrectionTrace) and isinstance(why.why, trace.ChargeTrace):
        why = why.why  # the line is the difference of two amounts, each of which was rounded
        quantity, amount = why.quantity, why.rounding.before
    price = why.price if isinstance(why, trace.ChargeTrace) else None
    if isinstance(price, trace.IncludedTrace):
        return price.rate
    if not isinstance(price, trace.RateTrace) or len(price.terms) != 1:
        return None
    rate = price.terms[0].price
    return rate if amount == quantity * rate else None


def _rounding(before: Exact, after: Exact, step: Exact, say: Phrases) -> Iterable[Row]:
    if before == after:
        return []
    return [_step("rounding", "rounding", phrase("foot", "rounding", step, say), exact(after - before), say)]


def _paid_of_total(bill: Bill, say: Phrases) -> Iterator[Row]:
    yield from _by_source([line for line, _ in paid_of(bill, "total")], say)
    late = [x for x in bill.lines if isinstance(x.why, trace.CorrectionTrace) and x.why.pays == "total"]
    if late:
        yield _step("correction", "paid", phrase("foot", "paid", say), summed(line.amount for line in late), say)


def _named(bill: Bill) -> Iterator[str]:
    """The sums that the bill's lines go by."""
    charges = {line.source: line.why.charge for line in bill.lines if isinstance(line.why, trace.ChargeTrace)}
    for charge in charges.values():
        for expression in charge_expressions(charge):
            yield from (g.name for g in given_in(expression) if isinstance(g, tree.SumOfLines | tree.LineLeft))
