"""The sentence that a line says of itself, in the language of now, with its figures as a reader sees them."""

from __future__ import annotations

from ratewright.derivation import trace
from ratewright.explain.document import Detail, Note
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import clean, phrase, printed, sentences
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Line
from ratewright.values.writing import writing


def sentence_notes(line: Line, why: trace.ChargeTrace, say: Phrases, detail: Detail) -> list[Note]:
    """The sentence of a line, where it can be told; at full length why it cannot."""
    own = why.sentence
    if own is None:
        return []
    language = writing().language
    if untold := own.untold(language):
        return sentences("more", "sentence", "untold", untold, say) if detail == "full" else []
    text = "".join(_part(part, own, line, why, say) for part in own.sentence.told_in(language).parts)
    return [Note("said", say.joined(text))]


def is_told(why: trace.ChargeTrace) -> bool:
    """Whether a line says a sentence of itself, so that formulas come behind it."""
    return why.sentence is not None and not why.sentence.untold(writing().language)


def _part(
    part: tree.Words | tree.OwnFigure | tree.Shown,
    own: trace.SentenceTrace,
    line: Line,
    why: trace.ChargeTrace,
    say: Phrases,
) -> str:
    match part:
        case tree.Words(text=text):
            return clean(text)
        case tree.Shown(name=name):
            return phrase("shown", "value", own.values[name], say)
        case tree.OwnFigure(figure=tree.Own.QUANTITY):
            return printed(say.quantity(line.quantity, line.unit))
        case tree.OwnFigure(figure=tree.Own.AMOUNT):
            taken_off = why.charge.word is tree.LineWord.DISCOUNT
            return printed(say.money(-line.amount if taken_off else line.amount))
        case tree.OwnFigure(figure=tree.Own.PERIOD):
            assert line.period is not None
            return printed(say.label(line.period))
        case tree.OwnFigure():
            return printed(say.prices(_terms(why.price), why.charge.unit))


def _terms(price: trace.PriceTrace) -> tuple[trace.TermTrace, ...]:
    """The terms of the one price that holds for a line."""
    if isinstance(price, trace.VolumeTrace):
        return price.reached.terms
    assert isinstance(price, trace.RateTrace)
    return price.terms
