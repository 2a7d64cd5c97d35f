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
    values = {**facts.values, **measured, REACHED: None}  # what a sentence looks up is not reached by a bill
    if facts.charge.on is not None:
        values["charge:quantity"] = made.quantity
    formulas = formulas_of(settings, facts.period, facts.at, values)
    found: dict[str, trace.ShownTrace] = {}
    without: dict[str, trace.NoValueTrace] = {}
    if why := _without_price(facts, made):
        without[tree.Own.PRICE.value] = trace.NoValueTrace(why)
    for part in sentence.all_shown:
        try:
            asked = formulas.ask(part.expression)
        except RatingError as error:
            without[part.name] = trace.NoValueTrace("finding", error.diagnostics[0])
            continue
        assert asked.how is not None
        found[part.name] = trace.ShownTrace(part, asked.value, settings.reader.unit(part.expression), asked.how)
    return trace.SentenceTrace(sentence, found, without)


def _without_price(facts: LineFacts, made: Priced) -> str:
    """Why no price holds for a line; nothing where one does."""
    if facts.factor is not None or facts.dropped:
        return "scaled"
    return "unpriced" if made.applied is None else ""
