"""Law 12: what a line says of itself changes nothing, and is what the bill has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from random import Random

from ratewright.derivation.trace import ChargeTrace, LimitTrace, LotTrace, PaymentTrace, SourceTrace
from ratewright.explain.document import Document
from ratewright.explain.wording.languages import told_in
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, Line
from ratewright.values.exact import Exact
from tests.explain.back_to_english import in_english
from tests.explain.equations import Value, value_of
from tests.explain.test_truth import in_full
from tests.laws.billing import RefusedError, bills, data_of, unlike_bills
from tests.laws.law import Law, ask_that
from tests.reference.cases import Case
from tests.reference.random_sentences import with_sentences, without_sentences


def _silence(case: Case, random: Random) -> str | None:
    """The bills of a list in which every line says something, and of one in which none does."""
    data = data_of(case)
    silent, told = without_sentences(case), with_sentences(without_sentences(case), random, chance=1)
    before = _billed(silent, data)
    after = _billed(told, data)
    if isinstance(before, str) or isinstance(after, str):
        return None if before == after else f"before: {before}\nafter: {after}"
    return unlike_bills(before, after)


def _billed(case: Case, data: dict[str, object]) -> list[Bill] | str:
    try:
        return bills(case.text(), data, *case.months)
    except RefusedError as error:
        return ", ".join(sorted(error.codes))


_Told = Line | SourceTrace | LimitTrace
_SAID = re.compile(r"(?:^\{of\} |, )(\w+) (.*?)(?=, \w+ |\.$)")


def _said(case: Case, random: Random) -> str | None:
    """What each sentence says of its line, beside the line."""
    case = with_sentences(without_sentences(case), random, chance=1)
    told = [
        (bill, language, *each)
        for bill in bills(case.text(), data_of(case), *case.months)
        for language in ("en", "de")
        for each in _sentences(bill, language)
    ]
    ask_that(told)
    for bill, language, line, text in told:
        for name, shown in _SAID.findall(text):
            if not _holds(name, shown, line, bill, language):
                return f"{line}: {name} is not {shown} in “{text}”"
    return None


def _sentences(bill: Bill, language: str) -> Iterator[tuple[_Told, str]]:
    with told_in(language):
        document: Document = in_full(bill)
    for section in document.sections:
        for row in section.rows:
            if isinstance(row.node, _Told):
                yield from ((row.node, note.text) for note in row.notes if note.kind == "said")


def _holds(name: str, shown: str, of: _Told, bill: Bill, language: str) -> bool:
    figure = _figures_of(of, bill).get(name)
    if figure is not None:
        exactly = Fraction(figure)
        english = shown if language == "en" else in_english(shown, language)
        return value_of(english, bill.tariff.units, bill.tariff.currency).meets(Value(exactly, exactly))
    if name == "region":
        return isinstance(of, Line) and (name, shown) in of.key
    begins = of.period if isinstance(of, Line) and isinstance(of.why, ChargeTrace) else bill.period
    if name in bill.tariff.settings and begins is not None and bill.period.start <= begins.start:
        values = next(values for setting, values in bill.settings if setting.name == name)
        with told_in(language):
            before = [str(text) for at, text in values if at is None or at <= begins.start]
            return shown == (before or [str(values[0][1])])[-1]
    return bool(shown)


def _figures_of(of: _Told, bill: Bill) -> dict[str, Exact | None]:
    """The figures of a row; those of quotas from the balances, where nothing of them ends with the period."""
    match of:
        case Line(why=ChargeTrace() as why):
            sign = -1 if why.charge.word is tree.LineWord.DISCOUNT else 1
            return {"amount": sign * of.amount, "quantity": of.quantity, "said_twice": why.quantity * 2}
        case Line(why=PaymentTrace() as paid):
            lots = next(fund.lots for fund in bill.funds if fund.pool.name == of.source)
            return {"drawn": -of.amount, **_held(paid.pool, lots, bill)}
        case SourceTrace():
            return {"drawn": sum(lot.drawn for lot in of.lots) if of.pool.covers == (of.meter.name,) else None,
                    **_held(of.pool, of.lots, bill)}  # fmt: skip
        case LimitTrace():
            return {"default": of.limit.default, "peak": of.peak, "waited": of.waited, "waiting": of.waiting}
    return {}


def _held(pool: tree.Pool, lots: tuple[LotTrace, ...], bill: Bill) -> dict[str, Exact | None]:
    if any(lot.expires == bill.period.end or lot.waiting for lot in lots):
        return {}
    left = sum(balance.remaining for balance in bill.balances if balance.source == pool.name)
    return {"left": left, "size": sum(lot.size for lot in lots)}


LAWS = (
    Law("silence", "a sentence changes no figure, and refuses no bill", _silence),
    Law("said", "a sentence says the figures that the bill has, in each language", _said),
)
