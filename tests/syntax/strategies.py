"""Random syntax trees of formulas and rows, over the whole grammar.

Every tree is one that the parser makes: parentheses stand where the text needs them, and names are those
that can be read at their place. Spans are all the same and mean nothing. Whole files are in `rule_files`.
Each strategy is built once: Hypothesis reads the fields of a node's class whenever one is built.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st
from msgspec.structs import replace
from whenever import Date, Instant, PlainDateTime

from ratewright.diagnostics import Source, Span
from ratewright.limits import DEFAULT
from ratewright.printing.expression_text import Level
from ratewright.syntax import nodes as n
from ratewright.syntax import parser_tables
from ratewright.values.exact import exact
from ratewright.values.rounding import Way

PLACE = Span(Source("made", ""), 0, 0)

Strategy = st.SearchStrategy
NOTHING = st.none()

WORDS = sorted(
    t.pattern.value
    for t in parser_tables.make_parser(None, DEFAULT).terminals
    if t.pattern.type == "str" and re.fullmatch("[a-z]+", t.pattern.value)
)
"""Every keyword, as the parser knows them."""

# Words that a place reads as keywords, so that no name can be meant there.
VALUES = frozenset({"end", "off", "on", "round", "start"})
NEGATIONS = VALUES | {"not"}
FORMULAS = NEGATIONS | {"if"}
# As a unit in a formula.
BEHIND_A_NUMBER = frozenset("and each else if in or per prorated since then until where within".split())
BEHIND_A_LITERAL = frozenset("each from in on or until".split())
IN_ROWS = frozenset("else not off on".split())
IN_CELLS = frozenset("off on".split())
AT_ROW_STARTS = IN_ROWS | frozenset("below beyond next up".split())

ORDINARY = ["a", "GB", "USD", "JPY", "720p", "2K", "plan_b", "_x", "calls", "2e5"]


@cache
def make(kind: type, *parts: Strategy) -> Strategy:
    """A node of a kind from its parts, in the order of its fields."""
    return st.builds(kind, st.just(PLACE), *parts)


@cache
def words(lost: frozenset[str] = frozenset()) -> st.SearchStrategy[str]:
    free = [word for word in WORDS if word not in lost]
    return st.sampled_from(ORDINARY) | st.sampled_from(free)


@cache
def names(lost: frozenset[str] = frozenset()) -> st.SearchStrategy[n.Name]:
    return words(lost).map(lambda word: n.Name(PLACE, word))


@cache
def several(strategy: st.SearchStrategy, least: int = 1, most: int = 3) -> st.SearchStrategy[tuple]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


@cache
def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


# ---------------------------------------------------------------- figures, texts, times

_HIDDEN = ("Cc", "Cs", "Zl", "Zp")
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SEEN = st.characters(exclude_categories=_HIDDEN, exclude_characters=_TURNS)
sentences = st.text(_SEEN | st.sampled_from('"\\#{}; é'), max_size=12) | words()


@cache
@st.composite
def figures(draw: st.DrawFn) -> int | Fraction:
    whole = draw(st.integers(0, 12) | st.integers(0, 10**12))
    decimals = draw(st.integers(0, 3) | st.integers(0, 18))
    return exact(Fraction(whole, 10**decimals))


texts = sentences.map(lambda text: n.Text(PLACE, text))
numbers = figures().map(lambda value: n.Number(PLACE, value))
percents = figures().map(lambda value: n.Percent(PLACE, value))
flags = st.booleans().map(lambda on: n.Flag(PLACE, on))
lengths = st.builds(n.Length, st.just(PLACE), figures(), names())
amounts = st.builds(n.Quantity, st.just(PLACE), figures(), names())
"""Quantities in statements, where every word can be a unit."""


@cache
def quantities(lost: frozenset[str] = BEHIND_A_NUMBER) -> st.SearchStrategy[n.Quantity]:
    return st.builds(n.Quantity, st.just(PLACE), figures(), names(lost))


@cache
@st.composite
def times(draw: st.DrawFn, *, days: bool = False) -> n.Time:
    """A month, a day, a local time or an instant; only days where those are wanted."""
    at = datetime(1901, 1, 1) + timedelta(seconds=draw(st.integers(0, 299 * 365 * 86_400)))
    kind = "day" if days else draw(st.sampled_from(["month", "day", "local", "instant"]))
    if kind in ("month", "day"):
        return n.Time(PLACE, Date(at.year, at.month, 1 if kind == "month" else at.day), kind == "month")
    second = draw(st.sampled_from([0, at.second]))
    parts = (at.year, at.month, at.day, at.hour, at.minute, second)
    return n.Time(PLACE, PlainDateTime(*parts) if kind == "local" else Instant.from_utc(*parts))


@cache
@st.composite
def unit_names(draw: st.DrawFn) -> n.UnitName:
    first, *rest = draw(several(names()))
    factors: list[tuple[str, int, n.Name]] = [("*", 1, first)]
    for name in rest:
        sign = draw(st.sampled_from("*/"))
        factors.append((sign, draw(st.sampled_from([1, 1000])) if sign == "/" else 1, name))
    return n.UnitName(PLACE, tuple(factors))


@cache
@st.composite
def literals(draw: st.DrawFn) -> n.Expression:
    """Values taken literally: a setting's, a field's, a tag's."""
    kind = draw(st.sampled_from(["text", "number", "quantity", "percent", "time", "flag"]))
    if kind == "quantity":
        first, rest = draw(words(BEHIND_A_LITERAL)), draw(several(words(), 0, 2))
        return _with_a_sign(n.Quantity(PLACE, draw(figures()), n.Name(PLACE, "/".join((first, *rest)))), draw)
    if kind in ("number", "percent"):
        return _with_a_sign(draw(numbers if kind == "number" else percents), draw)
    return draw({"text": texts, "time": times(), "flag": flags}[kind])


def _with_a_sign(node: n.Number | n.Percent | n.Quantity, draw: st.DrawFn) -> n.Expression:
    """A literal figure, or the same below 0."""
    return replace(node, value=-node.value) if draw(st.booleans()) else node


# ---------------------------------------------------------------- formulas

_LEVELS = {
    "choose": Level.CHOICE,
    "any of": Level.ANY,
    "all of": Level.ALL,
    "negated": Level.NEGATION,
    "comparison": Level.COMPARISON,
    "sum": Level.SUM,
    "product": Level.PRODUCT,
    "negative": Level.UNARY,
    "percent of": Level.ATOM,
    "edge": Level.ATOM,
    "group": Level.ATOM,
    "call": Level.ATOM,
    "lookup": Level.ATOM,
    "rounded": Level.ATOM,
}
_DEEPEST = 3


def lost_at(level: Level) -> frozenset[str]:
    """The words that cannot be the first name of a formula of this level."""
    if level <= Level.CHOICE:
        return FORMULAS
    return NEGATIONS if level <= Level.NEGATION else VALUES


@cache
@st.composite
def expressions(
    draw: st.DrawFn, level: Level = Level.CHOICE, lost: frozenset[str] = frozenset(), depth: int = _DEEPEST
) -> n.Expression:
    """A formula as it stands where the grammar reads one of `level`, whose first word is none of `lost`."""
    lost = lost | lost_at(level)
    kinds = [kind for kind, binds in _LEVELS.items() if binds >= level]
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(leaves(lost))
    return draw(_made(draw(st.sampled_from(kinds)), lost, depth - 1))


@cache
def leaves(lost: frozenset[str]) -> st.SearchStrategy[n.Expression]:
    return st.one_of(
        numbers,
        quantities(),
        percents,
        texts,
        times(),
        flags,
        st.builds(n.Ref, st.just(PLACE), names(lost)),
        st.builds(n.Attribute, st.just(PLACE), names(lost | FORMULAS), names()),
    )


@cache
@st.composite
def _made(draw: st.DrawFn, kind: str, lost: frozenset[str], depth: int) -> n.Expression:
    def part(level: Level = Level.CHOICE, lost: frozenset[str] = frozenset()) -> n.Expression:
        return draw(expressions(level, lost, depth))

    def chain(level: Level) -> tuple[n.Expression, ...]:
        return (part(level, lost), *(part(level) for _ in range(draw(st.integers(1, 2)))))

    match kind:
        case "choose":
            return n.Choose(PLACE, part(), part(), part())
        case "any of":
            return n.AnyOf(PLACE, chain(Level.ALL))
        case "all of":
            return n.AllOf(PLACE, chain(Level.NEGATION))
        case "negated":
            return n.Negated(PLACE, part(Level.NEGATION))
        case "comparison":
            sign = draw(st.sampled_from(["==", "!=", "<=", ">=", "<", ">"]))
            return n.Comparison(PLACE, sign, part(Level.SUM, lost), part(Level.SUM))
        case "sum":
            return n.Sum(PLACE, _signed(draw, chain(Level.PRODUCT), "+-"))
        case "product":
            return n.Product(PLACE, _signed(draw, chain(Level.UNARY), "*/"))
        case "negative":
            return n.Negative(PLACE, part(Level.UNARY))
        case "percent of":
            return n.PercentOf(PLACE, draw(percents), part(Level.UNARY))
        case "edge":
            return n.Edge(PLACE, draw(st.booleans()), part(Level.UNARY))
        case "group":
            return n.Group(PLACE, part())
        case "call":
            first = draw(several(series(depth), 0, 1))
            rest = draw(several(expressions(depth=depth), 0, 2)) if first else ()
            return n.Call(PLACE, draw(names(lost | FORMULAS)), first + rest)
        case "lookup":
            return draw(lookups(lost | FORMULAS, depth))
        case _:
            way, step = draw(st.sampled_from(Way)), draw(maybe(numbers | quantities()))
            return n.Rounded(PLACE, way, part(), step)


def _signed(draw: st.DrawFn, parts: tuple[n.Expression, ...], signs: str) -> tuple[tuple[str, n.Expression], ...]:
    first, *rest = parts
    return ((signs[0], first), *((draw(st.sampled_from(signs)), part) for part in rest))


@cache
@st.composite
def lookups(draw: st.DrawFn, lost: frozenset[str], depth: int = 1, *, columns: bool = True) -> n.Lookup:
    keys = draw(several(expressions(depth=depth), 1, 2))
    return n.Lookup(PLACE, draw(names(lost)), keys, draw(maybe(names())) if columns else None)


@cache
@st.composite
def series(draw: st.DrawFn, depth: int = _DEEPEST) -> n.Expression:
    """What a `define` or the first argument of a function may be."""
    operand = draw(expressions(depth=depth))
    if draw(st.booleans()):
        return operand
    each = draw(maybe(st.builds(n.EachOf, st.just(PLACE), figures(), names())))
    condition = draw(maybe(expressions(depth=depth)))
    since = draw(maybe(expressions(Level.UNARY, depth=depth)))
    otherwise = draw(maybe(st.builds(n.Number, st.just(PLACE), figures()))) if each is not None else None
    given = each or condition or since
    return n.Selection(PLACE, operand, each, condition, since, otherwise) if given is not None else operand


# ---------------------------------------------------------------- rows


@cache
@st.composite
def bounds(draw: st.DrawFn) -> n.Bound:
    kind = draw(st.sampled_from(["below", "up to", "next", "beyond"]))
    limits = numbers | quantities(frozenset({"else"})) | times() | expressions(Level.SUM, depth=1)
    return n.Bound(PLACE, kind, None if kind == "beyond" else draw(limits))


@cache
def factors(lost: frozenset[str]) -> st.SearchStrategy[n.Expression]:
    """What stands bare in a cell."""
    return st.one_of(
        st.builds(n.Ref, st.just(PLACE), names(lost)),
        lookups(lost),
        quantities(lost & IN_ROWS if "not" in lost else frozenset()),
        percents,
        texts,
        times(),
        flags,
        st.builds(n.Group, st.just(PLACE), expressions(depth=2)),
    )


def by_currency(strategy: st.SearchStrategy[n.Expression]) -> st.SearchStrategy[n.AnyOf]:
    """An amount for each currency: alternatives that stand bare, with `or` between them."""
    return several(strategy, 2).map(lambda parts: n.AnyOf(PLACE, parts))


@cache
@st.composite
def cells_by_currency(draw: st.DrawFn, lost: frozenset[str], *, behind_a_number: bool = False) -> n.Price:
    """A cell with an amount for each currency; one at least is no bare name or text, for those are keys."""
    head = draw(quantities(lost & IN_ROWS if "not" in lost else frozenset()) if behind_a_number else factors(lost))
    rest = draw(several(factors(IN_CELLS), 0, 1))
    return n.Price(PLACE, (n.PriceTerm(PLACE, n.AnyOf(PLACE, (head, *rest, draw(amounts))), None),))


@cache
@st.composite
def cells(draw: st.DrawFn, lost: frozenset[str], *, behind_a_number: bool = False) -> n.Price:
    """A price, a quantity, a text …; `behind_a_number` it begins with no name."""
    terms = []
    for index in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        first = index == 0
        head = draw(factors(lost if first else IN_CELLS))
        rest = draw(several(factors(IN_CELLS), 0, 2))
        if rest and draw(st.booleans()):
            head = draw(numbers)
        if first and behind_a_number and isinstance(head, n.Ref | n.Lookup):
            head = draw(texts)
        made = n.Product(PLACE, _signed(draw, (head, *rest), "*/")) if rest else head
        terms.append(n.PriceTerm(PLACE, made, draw(maybe(amounts)), not first and draw(st.booleans())))
    return n.Price(PLACE, tuple(terms))


@cache
def keys(lost: frozenset[str]) -> st.SearchStrategy[n.Keys]:
    rest = several(st.one_of(names(), texts, times()), 1, 2)
    return st.builds(lambda first, others: n.Keys(PLACE, (first, *others)), names(lost) | times(), rest)


@cache
@st.composite
def rows(draw: st.DrawFn) -> n.Row:
    """Bounds first, then keys, figures and cells; nothing that begins with a name right behind a number."""
    items: list[n.Node] = []
    if draw(st.booleans()):
        items.append(draw(bounds()))
    for _ in range(draw(st.integers(0 if items else 1, 4))):
        lost = AT_ROW_STARTS if not items else IN_ROWS | {"or", "per"}
        behind = bool(items) and isinstance(items[-1], n.Number)
        options = [
            numbers,
            cells(lost, behind_a_number=behind),
            cells_by_currency(lost, behind_a_number=behind),
            st.just(n.Rest(PLACE)),
        ]
        items.append(draw(st.one_of(*options) if behind else st.one_of(*options, keys(lost))))
    return n.Row(PLACE, tuple(items))


@cache
@st.composite
def headers(draw: st.DrawFn, width: int) -> n.Row:
    """A first line of names."""
    made = []
    for index in range(width):
        name = draw(names(AT_ROW_STARTS if index == 0 else IN_ROWS | {"or", "per"}))
        made.append(n.Price(PLACE, (n.PriceTerm(PLACE, n.Ref(PLACE, name), None),)))
    rest = [n.Rest(PLACE)] if draw(st.booleans()) else []
    return n.Row(PLACE, (*made, *rest))


@cache
@st.composite
def row_lists(draw: st.DrawFn) -> tuple[n.Row, ...]:
    body = draw(several(rows(), 0, 4))
    return (draw(headers(draw(st.integers(1, 3)))), *body) if draw(st.booleans()) else body


@cache
@st.composite
def prices(draw: st.DrawFn) -> n.Price:
    """The price of a `rate`."""
    if draw(st.integers(0, 4)) == 0:
        alternatives = by_currency(expressions(Level.PRODUCT, frozenset({"not"})))
        return n.Price(PLACE, (n.PriceTerm(PLACE, draw(alternatives), None),))
    terms = []
    for index in range(draw(st.integers(0, 3))):
        made = draw(expressions(Level.PRODUCT, frozenset({"not"}) if index == 0 else frozenset()))
        terms.append(n.PriceTerm(PLACE, made, draw(maybe(amounts)), index > 0 and draw(st.booleans())))
    return n.Price(PLACE, tuple(terms))
