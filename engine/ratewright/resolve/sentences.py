"""Sentences: each name in that of a line is a figure of the line, or what a formula of it may read; in that of a quota
or a limit a figure of its row, or a setting.

A sentence moves no figure. So it names no other line, sum or meter than the formulas of its line do, and that line
neither waits for more nor is measured otherwise.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace as changed

from msgspec import Struct
from msgspec.structs import replace

from ratewright.advice.words import listed
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as n
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import given_in
from ratewright.resolve.context import Context
from ratewright.resolve.findings import Report
from ratewright.resolve.scope import Scope
from ratewright.resolve.titles import by_language
from ratewright.syntax import nodes as s

_DOUBLED = re.compile(r"\{\{\s*([0-9]*[A-Za-z_][0-9A-Za-z_]*)\s*\}\}", re.ASCII)
_SHOWN = (Kind.FIGURE, Kind.TEXT, Kind.FLAG, Kind.INSTANT)
_ELSEWHERE = {*(own.value for own in n.Own), "expiry", "list_price", "paid", "purchase", "request", "unused"}
"""Names that mean something in other sentences, or in a refund: nobody misspelt them."""
_WAITED_FOR = (n.LineAmount, n.LineLeft, n.SumOfLines, n.Measured)


class OfLine(Struct, frozen=True):
    """What the sentence of a line goes by: its name, what it is on, the meters that it measures for a period, its
    form, and all that its formulas read."""

    name: str
    quantity: n.Expression | None
    meters: Sequence[str]
    form: n.PriceForm
    in_blocks: bool
    read: Sequence[n.Given]


def resolve_sentence(says: s.Say, context: Context, scope: Scope, line: OfLine) -> n.Sentence:
    """The sentence in all its languages; a name that it cannot show is reported."""
    return _in_each_language(says, _OfLine(context, scope, line), context.report)


def _in_each_language(says: s.Say, made: _Sentence, report: Report) -> n.Sentence:
    others = by_language(says.others, f"the sentence of `{made.name}`", report)
    own = made.resolved(says.sentence)
    return replace(own, others={language: made.resolved(other.sentence) for language, other in others.items()})


def resolve_own_sentence(
    says: s.Say, context: Context, declaration: s.Declaration, figures: Sequence[n.Own]
) -> n.Sentence:
    """The sentence of a grant, a package or a limit in all its languages: it shows the `figures` of its row, and
    settings. A name of anything else is reported."""
    return _in_each_language(says, _OfFigures(context, declaration, figures), context.report)


class _Sentence(ABC):
    """A sentence while it is resolved. `own` are the figures that it may show of itself."""

    def __init__(self, context: Context, name: str, own: Sequence[n.Own]) -> None:
        self._context = context
        self._report = context.report
        self.name = name
        self._own = {figure.value: figure for figure in own}

    @abstractmethod
    def _figure(self, ref: s.Ref) -> n.OwnFigure | n.Shown | None:
        """What a name stands for; None for nothing (reported)."""

    @abstractmethod
    def _is_declared(self, name: str) -> bool:
        """Whether a name is one of the list or of the declaration at hand."""

    def resolved(self, sentence: s.Sentence) -> n.Sentence:
        parts: list[n.Words | n.OwnFigure | n.Shown] = []
        for part in sentence.parts:
            if isinstance(part, s.Words):
                self._refuse_doubled(part)
                parts.append(n.Words(part.span, part.text))
            elif (made := self._figure(part)) is not None:
                parts.append(made)
        return n.Sentence(sentence.span, tuple(parts))

    def _refuse_doubled(self, words: s.Words) -> None:
        """Report `{{quantity}}`, which would be told as it stands."""
        span = words.span
        for found in _DOUBLED.finditer(span.source.text, span.start, span.end):
            if found[1] in self._own or self._is_declared(found[1]):
                place = Span(span.source, *found.span())
                message = f"`{found[0]}` shows no figure: two braces are told as one"
                self._report.error("R101", message, place, f"write `{{{found[1]}}}`")

    def _error(self, code: str, message: str, node: s.Node, help: str) -> None:
        self._report.error(code, message, node.span, help)


class _OfFigures(_Sentence):
    """That of a grant, a package or a limit."""

    def __init__(self, context: Context, declaration: s.Declaration, own: Sequence[n.Own]) -> None:
        super().__init__(context, declaration.name.text, own)
        self._word = declaration.word
        self._what = f"a {declaration.word}"

    def _is_declared(self, name: str) -> bool:
        return name in self._report.declared

    def _figure(self, ref: s.Ref) -> n.OwnFigure | n.Shown | None:
        name, kind = ref.name.text, self._report.declared.get(ref.name.text)
        shown = listed([f"`{each}`" for each in self._own], "and")
        help = f"{self._what} shows {shown} of itself, and settings"
        if name in self._own and kind is not None:
            message = f"`{name}` is a {kind}, and in a sentence also that of {self._what}"
            self._error("R202", message, ref, f"give the {kind} another name")
        elif name in self._own:
            return n.OwnFigure(ref.span, self._own[name])
        elif name == self.name:
            self._error("R201", f"`{name}` is this {self._word} itself", ref, help)
        elif kind == "setting":
            made = self._context.resolve(ref, Scope("in a sentence", self._context.settings))
            return None if made.type.kind is Kind.UNKNOWN else n.Shown(ref.span, name, made)
        elif kind is not None or name in self._report.lost:
            self._error("R201", f"`{name}` means nothing in the sentence of {self._what}", ref, help)
        else:
            settings = [name for name, kind in self._report.declared.items() if kind == "setting"]
            near = "" if name in _ELSEWHERE else self._report.close(name, [*self._own, *settings])
            self._error("R201", f"`{name}` means nothing in the sentence of {self._what}", ref, near or help)
        return None


class _OfLine(_Sentence):
    """That of a line."""

    def __init__(self, context: Context, scope: Scope, line: OfLine) -> None:
        super().__init__(context, line.name, n.OF_A_LINE)
        self._names = scope.names
        self._scope = changed(scope, place="in a sentence", hidden="")
        self._line = line

    def _is_declared(self, name: str) -> bool:
        named = self._context.named.defines
        return name in self._names or name in self._scope.defines or name in named

    def _known(self) -> list[str]:
        return [*self._own, *self._scope.defines, *self._names, *self._context.named.defines]

    def _figure(self, ref: s.Ref) -> n.OwnFigure | n.Shown | None:
        name = ref.name.text
        if name == self._line.name:
            self._error("R201", f"`{name}` is this line itself", ref, "write `{amount}` for what it comes to")
            return None
        if name in ("amount", "price") and self._is_declared(name):
            what = self._report.declared.get(name, "formula of the line")
            help = f"give the {what} another name"
            self._error("R202", f"`{name}` is a {what}, and in a sentence also that of the line", ref, help)
            return None
        if name in self._own:
            return self._figure_of_line(self._own[name], ref)
        if name in self._context.units and not self._is_declared(name):
            self._error("R201", f"`{name}` is a unit, and shows nothing", ref, "a figure is shown with its unit")
            return None
        elsewhere = any(name in some for some in (self._scope.hints, self._report.declared, self._report.lost))
        if not self._is_declared(name) and not elsewhere:
            near = self._report.close(name, self._known())
            help = near or "name `amount`, `quantity`, `price` or `period`, a setting, or a formula: `define … = …`"
            self._error("R201", f"`{name}` means nothing in a sentence", ref, help)
            return None
        made = self._context.resolve(ref, self._scope)
        if made.type.kind is Kind.UNKNOWN or not self._fits(made, ref):
            return None
        return n.Shown(ref.span, name, made)

    def _figure_of_line(self, own: n.Own, ref: s.Ref) -> n.OwnFigure | None:
        line, why, help = self._line, "", "say what it comes to: `{amount}`"
        if own is n.Own.QUANTITY and line.quantity is None:
            why = "the line has no `on`, so it has no quantity"
        elif own is n.Own.PRICE and not isinstance(line.form, n.Rate | n.Volume):
            word = {n.Graduated: "graduated", n.Amount: "amount"}.get(type(line.form), "included")
            why = f"`{word}` has no one price for the whole quantity"
        elif own is n.Own.PRICE and line.in_blocks:
            why = "each block has a price of its own"
        if why:
            self._error("R201", f"`{own.value}` means nothing in this sentence: {why}", ref, help)
            return None
        return n.OwnFigure(ref.span, own)

    def _fits(self, made: n.Expression, ref: s.Ref) -> bool:
        """Whether a sentence can show what a name stands for, and its line knows it (reported)."""
        name = ref.name.text
        if made.type.many or made.type.kind not in _SHOWN:
            what = f"a sentence shows one value, and `{name}` is {made.type}"
            self._error("R205", what, ref, "name one: `define most = highest(…)`" if made.type.many else "")
            return False
        known = {each.key for each in self._line.read}
        for each in given_in(made):
            measured = isinstance(each, n.Measured) and each.name in self._line.meters
            if isinstance(each, _WAITED_FOR) and each.key not in known and not measured:
                self._unknown(each, name, ref)
                return False
        return True

    def _unknown(self, asked: n.Given, name: str, ref: s.Ref) -> None:
        """Report what no formula of the line reads."""
        on = self._line.quantity is not None and any(g.name == asked.name for g in given_in(self._line.quantity))
        help = "write `{quantity}` for what the line is on" if on else "say what the line itself comes from"
        through = "" if asked.name == name else f"`{name}` goes by `{asked.name}`: "
        message = f"{through}no formula of this line reads `{asked.name}`, and a sentence shows no more than they read"
        self._error("R201", message, ref, help)
