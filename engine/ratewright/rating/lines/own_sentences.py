"""The sentence of a line: what its names stand for, asked while the line is at hand.

It moves no figure: where a name has no value, the sentence is not told and the line is billed as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.account.settings.setting_timeline import Settings
from ratewright.derivation import trace
from ratewright.formula.interpreter import REACHED
from ratewright.meaning import nodes as tree
from ratewright.rating.lines.line_formulas import formulas_of
from ratewright.rating.lines.line_outcome import LineFacts, Priced
from ratewright.refusal import RatingError


def sentence_of(
    facts: LineFacts, made: Priced, settings: Settings, measured: Mapping[str, object]
) -> trace.SentenceTrace | None:
    """What the sentence of a line shows; None for a line without one. `measured` is what it names beside what the line
    comes from."""
    sentence = facts.charge.sentence
    if sentence is None:
        return None
    if sentence.shows(tree.Own.PRICE) and (why := _without_price(facts, made)):
        return trace.SentenceTrace(sentence, {}, why)
    values = {**facts.values, **measured, REACHED: None}  # what a sentence looks up is not reached by a bill
    if facts.charge.on is not None:
        values["charge:quantity"] = made.quantity
    formulas = formulas_of(settings, facts.period, facts.at, values)
    found: dict[str, trace.ShownTrace] = {}
    try:
        for part in sentence.parts:
            if isinstance(part, tree.Shown) and part.name not in found:
                asked = formulas.ask(part.expression)
                assert asked.how is not None
                unit = settings.reader.unit(part.expression)
                found[part.name] = trace.ShownTrace(part, asked.value, unit, asked.how)
    except RatingError as error:
        return trace.SentenceTrace(sentence, {}, "; ".join(each.message for each in error.diagnostics))
    return trace.SentenceTrace(sentence, found)


def _without_price(facts: LineFacts, made: Priced) -> str:
    """Why no price holds for a line; nothing where one does."""
    if facts.factor is not None or facts.dropped:
        return "a contract changes the price behind its row"
    return "no price was looked up" if made.applied is None else ""
