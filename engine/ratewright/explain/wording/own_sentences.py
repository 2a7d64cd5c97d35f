"""The sentences that lines, quotas and limits say, in the language of now, with figures as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ratewright.derivation import trace
from ratewright.explain.document import Detail, Note
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import clean, phrase, printed, sentences, wording
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Line
from ratewright.values.exact import Exact, summed
from ratewright.values.writing import writing


def sentence_notes(line: Line, why: trace.ChargeTrace, say: Phrases, detail: Detail) -> list[Note]:
    """The sentence of a line, where it can be told; at full length why it cannot."""
    own = why.sentence
    if own is None:
        return []
    language = writing().language
    if untold := own.untold(language):
        return sentences("more", "sentence", "untold", _why(untold, say), say) if detail == "full" else []
    text = "".join(_part(part, own, line, why, say) for part in own.sentence.told_in(language).parts)
    return [Note("said", say.joined(text))]


def _why(untold: trace.NoValueTrace, say: Phrases) -> str:
    """Why a sentence is not told."""
    if untold.finding is not None:
        return wording("finding", "told", untold.finding, say)
    return wording("sentence", untold.why)


def pool_sentence(
    pool: tree.Pool, lots: Sequence[trace.LotTrace], drawn: Exact, say: Phrases, detail: Detail
) -> list[Note]:
    """The sentence of a quota where it pays: `drawn` is what it paid there, `lots` are all of it."""
    sentence = pool.sentence
    if sentence is None:
        return []
    cycles = pool.renews is not None and len(lots) > 1
    without = {tree.Own.SIZE: wording("sentence", "cycles", len(lots), say)} if cycles else {}
    figures = {
        tree.Own.SIZE: lambda: say.quantity(summed(lot.size for lot in lots), pool.unit),
        tree.Own.DRAWN: lambda: say.quantity(drawn, pool.unit),
        tree.Own.LEFT: lambda: say.quantity(trace.left_of(lots, say.period.end), pool.unit),
        tree.Own.PERIOD: lambda: say.label(say.period),
    }
    return _of_figures(sentence, figures, without, say, detail)


def limit_sentence(why: trace.LimitTrace, say: Phrases, detail: Detail) -> list[Note]:
    """The sentence of a limit."""
    limit = why.limit
    if limit.sentence is None:
        return []
    figures = {
        tree.Own.DEFAULT: lambda: say.quantity(limit.default, limit.unit),
        tree.Own.PEAK: lambda: say.quantity(why.peak, limit.unit),
        tree.Own.WAITED: lambda: say.plain(why.waited),
        tree.Own.WAITING: lambda: say.duration(why.waiting),
        tree.Own.PERIOD: lambda: say.label(say.period),
    }
    return _of_figures(limit.sentence, figures, {}, say, detail)


def _of_figures(
    sentence: tree.Sentence,
    figures: Mapping[tree.Own, Callable[[], str]],
    without: Mapping[tree.Own, str],
    say: Phrases,
    detail: Detail,
) -> list[Note]:
    """A sentence with figures of its row and settings; what a name stands for is asked where it stands. `without` says
    of figures why there is none."""
    if say.bill is None:
        return []
    settings = {setting.name: values for setting, values in say.bill.settings}
    parts: list[str] = []
    for part in sentence.told_in(writing().language).parts:
        why = ""
        match part:
            case tree.Words(text=text):
                parts.append(clean(text))
            case tree.OwnFigure(figure=figure):
                why = without.get(figure, "")
                parts.append(printed(figures[figure]()))
            case tree.Shown(name=name):
                values = settings[name]
                if len(values) != 1:
                    why = wording("sentence", "setting", name, [at for at, _ in values[1:]], say)
                else:
                    parts.append(printed(str(values[0][1])))
        if why:
            return sentences("more", "sentence", "untold", why, say) if detail == "full" else []
    return [Note("said", say.joined("".join(parts)))]


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
