"""Random syntax trees of statements, declarations and whole rule files, over the whole grammar.

Trees are those that the parser makes, as in `strategies`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from hypothesis import strategies as st
from whenever import Date

from ratewright.printing.expression_text import Level
from ratewright.syntax import nodes as n
from ratewright.values.rounding import Way
from tests.syntax.contract_targets import ROW_BOUNDS, targets
from tests.syntax.strategies import (
    NOTHING,
    PLACE,
    Strategy,
    amounts,
    bounds,
    by_currency,
    expressions,
    figures,
    lengths,
    literals,
    lookups,
    make,
    maybe,
    names,
    numbers,
    percents,
    prices,
    row_lists,
    series,
    several,
    texts,
    times,
    unit_names,
)

SUMS = expressions(Level.SUM)
FORMULAS = expressions()
CITES = make(n.Cite, texts)

# ---------------------------------------------------------------- parts of statements

KINDS = st.one_of(
    st.sampled_from(["text", "number", "date"]).map(lambda kind: n.Kind(PLACE, kind)),
    numbers.map(lambda below: n.Kind(PLACE, "number", below=below)),
    several(names()).map(lambda choices: n.Kind(PLACE, "choice", choices)),
    st.tuples(unit_names(), maybe(numbers)).map(lambda parts: n.Kind(PLACE, "unit", unit=parts[0], below=parts[1])),
)
COUNTS = st.just(1) | figures()
CADENCES = st.one_of(
    make(n.Cadence, COUNTS, names(), maybe(figures() | names()), NOTHING),
    make(n.Cadence, COUNTS, names(), NOTHING, SUMS),
    make(n.Cadence, COUNTS, names(), NOTHING, NOTHING, st.just(value=True)),
)
COVERED = make(n.Covered, names(), maybe(SUMS))
DRAW_RULES = st.sampled_from(
    [
        *((word, "expiry") for word in ("soonest", "latest")),
        *((word, "end") for word in ("soonest", "latest")),
        *((word, "purchase") for word in ("oldest", "newest")),
        *((word, "start") for word in ("oldest", "newest")),
        *((word, "remaining") for word in ("smallest", "largest")),
        *((word, "scope") for word in ("narrowest", "widest")),
    ]
).map(lambda rule: n.DrawRule(PLACE, rule))
ATTRIBUTES = several(st.tuples(names(), literals()), 0, 2)
DAYS = times(days=True)


LANGUAGES = st.sampled_from(["de", "zh-Hans", "pt-BR", "es-419", "gsw", "sr-Latn-RS"])


@cache
@st.composite
def sentences(draw: st.DrawFn) -> n.Sentence:
    """Words and names in turn; no words stand behind others, and one of them says something."""
    words = texts.filter(lambda text: text.text.strip()).map(lambda text: n.Words(PLACE, text.text))
    shown = names().map(lambda name: n.Ref(PLACE, name))
    parts: list[n.Words | n.Ref] = []
    for part in draw(st.lists(words | shown, min_size=1, max_size=5)):
        if not (parts and isinstance(part, n.Words) and isinstance(parts[-1], n.Words)):
            parts.append(part)
    return n.Sentence(PLACE, tuple(parts))


SAYS = make(n.Say, sentences(), several(make(n.SentenceIn, LANGUAGES, sentences()), 0, 2))


@cache
@st.composite
def size_rows(draw: st.DrawFn) -> n.SizeRow:
    size = draw(amounts | bounds())
    sold = isinstance(size, n.Quantity) or draw(st.booleans())
    price = expressions(Level.SUM, depth=2)
    return n.SizeRow(PLACE, size, draw(price | by_currency(price)) if sold else None)


@cache
@st.composite
def periods(draw: st.DrawFn, *, each: bool = False) -> tuple[str, n.Time, n.Time | None, n.EachOf | None]:
    """How records say their time: the form, the start, the end, and what they repeat by."""
    form = draw(st.sampled_from(["in", "on", "from", "each"] if each else ["in", "on", "from"]))
    ends = form == "from" or (form == "each" and draw(st.booleans()))
    repeated = draw(make(n.EachOf, COUNTS, names())) if form == "each" else None
    year = st.integers(1900, 2199).map(lambda year: n.Time(PLACE, Date(year, 1, 1), year=True))
    return form, draw(times() | year if form == "in" else times()), draw(times()) if ends else None, repeated


# ---------------------------------------------------------------- statements

IN_TARIFFS = (
    make(n.Currency, several(names())),
    make(n.Timezone, texts),
    make(n.Effective, DAYS, maybe(DAYS)),
    make(n.SourceText, texts),
    make(n.Bytes, figures()),
    make(n.Rounding, NOTHING),
    make(n.Rounding, st.sampled_from(Way), several(amounts, 0, 2), maybe(names())),
    make(n.Splits),
    CITES,
)


@cache
def defines() -> Strategy[n.Define]:
    return st.builds(lambda name, formula: n.Define(PLACE, "define", name, None, (), formula), names(), series())


IN_METERS = (
    make(n.Field, several(names()), KINDS, maybe(literals() | by_currency(literals()))),
    make(n.Reads, names()),
    make(n.SpreadEvenly),
    make(n.Where, FORMULAS),
    make(n.By, several(names())),
    make(n.Measure, FORMULAS, unit_names()),
    make(n.Corrections, make(n.Number, figures()), st.booleans()),
    defines(),
    CITES,
)
IN_POOLS = (
    make(n.Covers, several(COVERED)),
    make(n.Issued),
    make(n.Size, maybe(expressions(Level.CHOICE, frozenset({"per"})))),
    make(n.Sizes, several(size_rows(), 0, 4)),
    make(n.Valid, lengths, maybe(SUMS)),
    make(n.Valid, NOTHING, SUMS, SUMS),
    make(n.Valid, NOTHING, NOTHING, SUMS),
    make(n.Renews, CADENCES),
    make(n.Sold, NOTHING, times()),
    make(n.Sold, times(), maybe(times())),
    make(n.ByDay),
    make(n.Rolls, maybe(lengths), maybe(amounts)),
    make(n.Rolls, st.none(), maybe(amounts), names()),
    make(n.Overdraws, maybe(amounts)),
    make(n.ScopeOf, several(names())),
    make(n.Draws, several(DRAW_RULES)),
    make(n.Refund, st.just("never")),
    make(n.Refund, st.just("full"), NOTHING, maybe(lengths), maybe(FORMULAS)),
    make(
        n.Refund,
        st.just("formula"),
        expressions(Level.SUM, frozenset({"never", "in"})),
        maybe(lengths),
        maybe(FORMULAS),
    ),
    make(n.Pause),
    make(n.When, FORMULAS),
    SAYS,
    defines(),
    CITES,
)


@cache
@st.composite
def tiers(draw: st.DrawFn) -> n.Tiers:
    kind = draw(st.sampled_from([n.Volume, n.Graduated]))
    lost = frozenset({"by", "cheapest", "in"})
    if kind is n.Volume and draw(st.booleans()):
        kind = partial(n.Volume, cheapest=True)
    if draw(st.booleans()):
        elsewhere = make(n.Ref, names(lost)) | lookups(lost, columns=False) | make(n.Group, expressions(depth=1))
        return kind(PLACE, (), table=draw(elsewhere))
    return kind(PLACE, draw(row_lists()), draw(several(names(), 0, 2)), draw(maybe(unit_names())))


@cache
@st.composite
def invoiced(draw: st.DrawFn) -> n.Invoiced:
    first = draw(figures())
    return n.Invoiced(PLACE, first, draw(st.just(first) | figures()))


IN_CHARGES = (
    make(n.On, FORMULAS),
    make(n.By, several(names())),
    make(n.SpreadBy),
    make(n.Included),
    make(n.Every, CADENCES),
    make(n.Once, SUMS),
    make(n.Billed, maybe(CADENCES)),
    make(n.When, FORMULAS),
    make(n.Rate, prices()),
    tiers(),
    make(n.AmountForm, FORMULAS),
    make(n.Minimum, FORMULAS, st.booleans()),
    make(n.Maximum, FORMULAS, maybe(make(n.EachOf, figures(), names()))),
    make(n.Maximum, FORMULAS, NOTHING, make(n.EachOf, st.just(1), names())),
    make(n.Prorated, FORMULAS),
    make(n.Reached, FORMULAS),
    make(n.ZeroUsage),
    SAYS,
    make(n.Rounding, NOTHING),
    make(n.Rounding, st.sampled_from(Way), several(amounts, 0, 2)),
    invoiced(),
    defines(),
    CITES,
)
IN_LIMITS = (
    make(n.LimitOn, names()),
    make(n.Default, amounts),
    make(n.Extend, amounts, several(amounts), names()),
    make(n.Shared),
    SAYS,
    CITES,
)


@cache
@st.composite
def uses(draw: st.DrawFn) -> n.Use:
    form, start, end, each = draw(periods(each=True))
    parts = (draw(amounts), draw(names()), draw(ATTRIBUTES), form, start, end, each)
    return n.Use(PLACE, *parts, draw(maybe(lengths)), draw(st.booleans()))


@cache
@st.composite
def use_tables(draw: st.DrawFn) -> n.UseTable:
    form, start, end, _ = draw(periods()) if draw(st.booleans()) else ("", None, None, None)
    return n.UseTable(PLACE, draw(names()), form, start, end, draw(row_lists()))


@cache
@st.composite
def measured(draw: st.DrawFn) -> n.GivenMeasured:
    form, start, end, _ = draw(periods())
    return n.GivenMeasured(PLACE, draw(amounts), draw(names()), draw(ATTRIBUTES), form, start, end)


@cache
@st.composite
def expectations(draw: st.DrawFn) -> n.Expect:
    at = draw(maybe(times()))
    condition = draw(expressions(lost=frozenset() if at is not None else frozenset({"in", "refused"})))
    return n.Expect(PLACE, condition, at, draw(maybe(SUMS)))


IN_EXAMPLES = (
    make(n.Set, names(), literals(), maybe(times())),
    make(n.GivenLeft, amounts, names(), maybe(times()), ATTRIBUTES, st.booleans()),
    make(n.GivenSize, amounts, names()),
    measured(),
    make(n.Buy, figures(), names(), amounts, times(), maybe(names()), ATTRIBUTES),
    make(n.ExtendBy, names(), amounts, lengths, times(), maybe(names())),
    uses(),
    use_tables(),
    make(n.RefundRequest, names(), times()),
    make(n.PauseRequest, names(), times()),
    make(n.Withdraw, amounts, names(), ATTRIBUTES, times(), maybe(texts)),
    expectations(),
    make(n.ExpectRefused, texts),
    CITES,
)

IN_CONTRACTS = (
    make(n.Base, names(), maybe(DAYS)),
    make(n.Holders, several(names())),
    make(n.Effective, DAYS, maybe(DAYS)),
    make(n.Replace, targets(), ROW_BOUNDS | prices()),
    make(n.Scale, targets(), numbers | percents),
    make(n.Drop, names()),
    make(n.Factors, st.sampled_from(["compound", "add", "largest"]).map(lambda way: n.Name(PLACE, way))),
    make(n.Splits),
    CITES,
)

# ---------------------------------------------------------------- declarations


STATEMENTS = (*IN_TARIFFS, *IN_CONTRACTS, *IN_METERS, *IN_POOLS, *IN_CHARGES, *IN_LIMITS, *IN_EXAMPLES)


TITLES = st.builds(
    lambda text, others: n.Title(PLACE, text.text, others),
    texts,
    several(st.builds(lambda name, text: n.Translation(PLACE, name, text), LANGUAGES, texts), 0, 2),
)


@cache
def block(kind: type, words: tuple[str, ...], statements: tuple[Strategy, ...]) -> Strategy:
    """A declaration with a name, a title and statements."""
    title = texts if kind is n.Contract else TITLES
    return make(kind, st.sampled_from(words), names(), maybe(title), several(st.one_of(statements), 0, 6))


def one_line(build: Callable[..., n.Declaration], *parts: Strategy) -> Strategy:
    """A declaration that may have a sentence of its source, and nothing else in braces."""
    return st.builds(build, names(), several(CITES, 0, 1), *parts)


@cache
@st.composite
def table_declarations(draw: st.DrawFn) -> n.Table:
    found = draw(row_lists())
    rows = tuple(row for row in found if not (len(row.items) == 2 and _says_cite(row.items[0])))
    head = (draw(names()), draw(maybe(texts)), draw(several(CITES, 0, 2)))
    return n.Table(PLACE, "table", *head, draw(several(names())), draw(maybe(unit_names())), rows)


def _says_cite(item: n.Node) -> bool:
    """A row `cite "…"` of a table is no row."""
    first = item.terms[0].expression if isinstance(item, n.Price) and item.terms else None
    return isinstance(first, n.Ref) and first.name.text == "cite"


@cache
@st.composite
def examples(draw: st.DrawFn) -> n.Example:
    title = draw(texts)
    return n.Example(PLACE, "example", n.Name(PLACE, title.text), title, draw(several(st.one_of(IN_EXAMPLES), 0, 6)))


@cache
@st.composite
def short_meters(draw: st.DrawFn) -> n.Meter:
    """`meter name in unit`, which stands for a sum."""
    total = n.Call(PLACE, n.Name(PLACE, "sum"), (n.Ref(PLACE, n.Name(PLACE, "quantity")),))
    measure = n.Measure(PLACE, total, draw(unit_names()))
    return n.Meter(PLACE, "meter", draw(names()), draw(maybe(TITLES)), (measure,))


UNITS = st.one_of(
    one_line(lambda name, cites, plural: n.UnitDeclaration(PLACE, "unit", name, None, cites, plural), maybe(names())),
    one_line(lambda name, cites, formula: n.UnitDeclaration(PLACE, "unit", name, None, cites, None, formula), SUMS),
)
SETTINGS = one_line(
    lambda name, cites, title, kind, default: n.Setting(PLACE, "setting", name, title, cites, kind, default),
    maybe(TITLES),
    maybe(KINDS),
    maybe(literals() | by_currency(literals())),
)
DEDUCTS = one_line(
    lambda name, cites, ranks, order: n.Deduct(PLACE, "deduct", name, None, cites, ranks, order),
    several(several(names())),
    several(names(), 0, 2),
)
DECLARATIONS: dict[str, Strategy[n.Declaration]] = {
    "tariff": block(n.Tariff, ("tariff",), IN_TARIFFS),
    "contract": block(n.Contract, ("contract",), IN_CONTRACTS),
    "unit": UNITS,
    "setting": SETTINGS,
    "table": table_declarations(),
    "define": defines(),
    "meter": block(n.Meter, ("meter",), IN_METERS),
    "meter in one line": short_meters(),
    "pool": block(n.Pool, ("grant", "package"), IN_POOLS),
    "charge": block(n.Charge, ("charge", "discount", "tax"), IN_CHARGES),
    "deduct": DEDUCTS,
    "limit": block(n.LimitDeclaration, ("limit",), IN_LIMITS),
    "example": examples(),
}
FILES = several(st.one_of(*DECLARATIONS.values()), 0, 5).map(n.File)
"""Rule files of up to five declarations; what they say makes no sense."""
