"""Grants and packages: how long their lots are valid, how they renew, in which order they are drawn, refunds."""

from __future__ import annotations

from collections.abc import Mapping

from whenever import Instant

from ratewright.meaning import nodes as n
from ratewright.meaning.types import FLAG, INSTANT, PLAIN_NUMBER, Kind, figure
from ratewright.meaning.walk import given_in
from ratewright.resolve.blocks import Block
from ratewright.resolve.cadences import resolve_cadence
from ratewright.resolve.covering import Covering, resolve_covering, resolve_scope
from ratewright.resolve.lot_sizes import resolve_size, resolve_sizes, type_of
from ratewright.resolve.scope import NOTHING, Maker, Scope, among, given
from ratewright.resolve.sentences import resolve_own_sentence
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.exact import Exact
from ratewright.values.units import Unit, currency_unit


def measured_names(meters: Mapping[str, n.Meter]) -> dict[str, Maker]:
    """What each meter measures, as a size may name it; made once for all pools."""
    return {name: given(n.Measured, name, figure(meter.unit.dimension)) for name, meter in meters.items()}


def resolve_pool(
    declaration: s.Pool,
    expressions: Expressions,
    meters: Mapping[str, n.Meter],
    measured: Mapping[str, Maker],
    currency: str,
) -> n.Pool:
    """A grant or a package; `measured` are the `measured_names` of the meters."""
    block = Block(declaration, expressions.report)
    kind = n.PoolKind(declaration.word)
    defines = {d.name.text: d for d in block.defines()}
    covering = resolve_covering(block, expressions, meters, currency, defines)
    unit = covering.unit
    scope = resolve_scope(block, covering, meters)
    sizes, ranges, unsold = resolve_sizes(block, kind, expressions, unit, currency)
    pause = block.one(s.Pause)
    when, says = block.one(s.When), block.one(s.Say)
    marked = {"at": given(n.RecordFact, "at", INSTANT), **_marks(covering, meters)}
    known = among(expressions.settings, marked)
    condition = Scope("in a condition", known, defines=defines)
    placed = _placed(kind, expressions)
    renewal = _renewal(block, expressions, placed)
    size = resolve_size(block, kind, expressions, unit, _size_scope(scope, measured, expressions, defines))
    return n.Pool(
        declaration.span,
        declaration.name.text,
        block.title(),
        kind,
        covering.meters,
        unit,
        size,
        sizes,
        _validity(block, expressions, placed, defines),
        _draws(block),
        _refunds(block, kind, expressions, unit, currency, defines),
        pause.span if pause else None,
        expressions.condition(when.condition, condition) if when else None,
        block.cite(),
        covering.ratios,
        covering.pays,
        ranges,
        unsold,
        block.one(s.Issued) is not None,
        renewal,
        _rollover(block, expressions, unit, renewal),
        scope,
        _by_day(block, renewal),
        _on_sale(block, kind, expressions),
        _overdraft(block, expressions, unit, renewal),
        _filled_by(block, size, renewal),
        resolve_own_sentence(says, expressions, declaration, n.OF_A_POOL) if says else None,
    )


def _marks(covering: Covering, meters: Mapping[str, n.Meter]) -> dict[str, Maker]:
    """What the usage of every covered meter is marked with alike, for a quota that pays for some of it only."""
    covered = [meters[name] for name in covering.meters]
    found: dict[str, Maker] = {}
    for tag in covered[0].tags if covered else ():
        alike = all(any(t.name == tag.name and t.type == tag.type for t in meter.tags) for meter in covered)
        if alike and all(meter.each is not None or tag.name in meter.by for meter in covered):
            found[tag.name] = given(n.TagValue, tag.name, tag.type)
    return found


def _size_scope(
    scope: tuple[n.ScopeName, ...],
    measured: Mapping[str, Maker],
    expressions: Expressions,
    defines: Mapping[str, s.Define],
) -> Scope:
    """The names in a size: settings, what the lot is given for, and meters that fill it."""
    marks = {s.name: given(n.TagValue, s.name, s.type) for s in scope}
    return Scope("in a size", among(among(expressions.settings, measured), marks), defines=defines)


def _filled_by(block: Block, size: n.Expression | None, renewal: n.Renewal | None) -> tuple[str, ...]:
    """The meters that a size is made of. They are measured for a cycle, so there must be cycles; and what the next one
    holds is not known before it ends."""
    names = tuple(g.name for g in given_in(size) if isinstance(g, n.Measured)) if size is not None else ()
    statement = block.one(s.Size)
    if names and statement is not None and renewal is None:
        more = ", and it has no cycles for which that is measured"
        _refuse_filled(
            block, names, more, statement, "write `renews every month`, and `rolls over` for what is to be kept"
        )
    by_day = block.one(s.ByDay)
    if names and by_day is not None:
        more = ", in a period that is cut as in a whole one"
        _refuse_filled(block, names, more, by_day, "delete `prorated by day`")
    overdraws = block.one(s.Overdraws)
    if names and overdraws is not None:
        more = ": how much its next cycle has is not known"
        _refuse_filled(block, names, more, overdraws, "delete `overdraws`, or give it a size that is known")
    return names


def _refuse_filled(block: Block, meters: tuple[str, ...], why: str, statement: s.Statement, help: str) -> None:
    """Report what a pool that meters fill cannot have."""
    message = f"{block.name} is filled by what `{meters[0]}` measures{why}"
    block.report.error("R203", message, statement.span, help)


def _placed(kind: n.PoolKind, expressions: Expressions) -> Mapping[str, Maker]:
    """The names by which a lot finds its place in time."""
    if kind is n.PoolKind.GRANT:
        return expressions.settings
    return among(expressions.settings, {"purchase": given(n.LotFact, "purchase", INSTANT)})


def _validity(
    block: Block, expressions: Expressions, names: Mapping[str, Maker], defines: Mapping[str, s.Define]
) -> n.Validity:
    scope = Scope("where a validity starts or ends", names, defines=defines)
    statement = block.one(s.Valid)
    if statement is None:
        return n.Validity(block.declaration.span, None, None, None)
    start = until = None
    if statement.start is not None:
        start = expressions.typed(statement.start, scope, INSTANT, "the start of the validity")
    if statement.until is not None:
        until = expressions.typed(statement.until, scope, INSTANT, "the end of the validity")
    length = expressions.written.duration(statement.length) if statement.length else None
    return n.Validity(statement.span, start, length, until)


def _renewal(block: Block, expressions: Expressions, names: Mapping[str, Maker]) -> n.Renewal | None:
    statement = block.one(s.Renews)
    if statement is None:
        return None
    cadence, anchor = resolve_cadence(statement.cadence, expressions, names)
    return n.Renewal(statement.span, cadence, anchor)


def _rollover(block: Block, expressions: Expressions, unit: Unit, renewal: n.Renewal | None) -> n.Rollover | None:
    statement = block.one(s.Rolls)
    if statement is None:
        return None
    if renewal is None:
        block.report.error(
            "R203",
            f"{block.name} rolls over what is left of a cycle, and it has no cycles",
            statement.span,
            "write `renews every month` too; how long a lot may be drawn says `valid`",
        )
        return None
    length = expressions.written.duration(statement.length) if statement.length else None
    most = _most(statement, "the most that rolls over", "delete `rolls over`", block, expressions, unit)
    until = None
    if statement.until is not None:
        until, _ = resolve_cadence(s.EachOf(statement.until.span, 1, statement.until), expressions)
    return n.Rollover(statement.span, length, most, until)


def _overdraft(block: Block, expressions: Expressions, unit: Unit, renewal: n.Renewal | None) -> n.Overdraft | None:
    statement = block.one(s.Overdraws)
    if statement is None:
        return None
    if renewal is None:
        block.report.error(
            "R203",
            f"{block.name} overdraws, and has no next cycle that would have less",
            statement.span,
            "write `renews every month` too",
        )
        return None
    most = _most(statement, "the most that is overdrawn", "delete `overdraws`", block, expressions, unit)
    return n.Overdraft(statement.span, most)


def _most(
    statement: s.Rolls | s.Overdraws, what: str, remedy: str, block: Block, expressions: Expressions, unit: Unit
) -> Exact | None:
    """The quantity behind `up to`; None for no limit."""
    if statement.most is None:
        return None
    made = expressions.written.for_all_accounts(expressions.typed(statement.most, NOTHING, type_of(unit), what))
    if not isinstance(made, n.Constant) or made.type.kind is not Kind.FIGURE:
        return None
    most: Exact = made.value  # type: ignore[assignment]
    if most <= 0:
        block.report.error("R219", f"{what} is more than 0", statement.most.span, remedy)
    return most


def _by_day(block: Block, renewal: n.Renewal | None) -> bool:
    statement = block.one(s.ByDay)
    if statement is not None and renewal is None:
        block.report.error(
            "R203",
            f"{block.name} has one period, and `prorated by day` takes a share of a period that is cut",
            statement.span,
            "write `renews every month` too, or the share in its `size`",
        )
    return statement is not None


def _on_sale(block: Block, kind: n.PoolKind, expressions: Expressions) -> n.OnSale | None:
    statement = block.one(s.Sold)
    if statement is None:
        return None
    if kind is n.PoolKind.GRANT:
        block.report.error(
            "R203", "a grant is given, and not sold", statement.span, "say for how long: `valid until …`"
        )
        return None
    start, until = (_instant(time, expressions) for time in (statement.start, statement.until))
    if start is not None and until is not None and until <= start:
        block.report.error(
            "R219", "a sale ends after it has begun", statement.span, "exchange the two times, or correct one"
        )
    return n.OnSale(statement.span, start, until)


def _instant(time: s.Time | None, expressions: Expressions) -> Instant | None:
    """A written time as an instant; None where it is none, which is reported."""
    made = expressions.typed(time, NOTHING, INSTANT, "when a package is sold") if time is not None else None
    return made.value if isinstance(made, n.Constant) and isinstance(made.value, Instant) else None


def _draws(block: Block) -> tuple[n.DrawRule, ...]:
    statement = block.one(s.Draws)
    if statement is None:
        return (n.DrawRule.SOONEST_EXPIRY, n.DrawRule.OLDEST_PURCHASE)
    rules = tuple(n.DrawRule(" ".join(rule.words)) for rule in statement.rules)
    subjects = [rule.words[1] for rule in statement.rules]
    for rule, subject, index in zip(statement.rules, subjects, range(len(subjects)), strict=True):
        if subject in subjects[:index]:
            block.report.error("R204", f"`draws` orders by {subject} twice", rule.span, "keep one")
    return rules


REFUND_FACTS = (
    "paid",
    "purchase",
    "request",
    "expiry",
    "size",
    "drawn",
    "unused",
    "list_price",
    "refunds_before",
)
"""What is known of a lot when its money is asked back."""


OF_ACCOUNT = "refunds_before(account)"
"""How many refunds an account was granted before, of whatever package."""


def _refund_scope(unit: Unit, currency: str, expressions: Expressions, defines: Mapping[str, s.Define]) -> Scope:
    """The names in a refund rule."""
    money, quantity = figure(currency_unit(currency).dimension), type_of(unit)
    types = {
        "paid": money,
        "list_price": money,
        "purchase": INSTANT,
        "request": INSTANT,
        "expiry": INSTANT,
        "size": quantity,
        "drawn": quantity,
        "unused": FLAG,
        "refunds_before": PLAIN_NUMBER,
    }
    facts = {name: given(n.LotFact, name, types[name]) for name in REFUND_FACTS}
    of_all = {"account": given(n.LotFact, OF_ACCOUNT, PLAIN_NUMBER)}
    names = among(expressions.settings, facts)
    return Scope("in a refund rule", names, {"refunds_before": of_all}, defines=defines)


def _refunds(
    block: Block,
    kind: n.PoolKind,
    expressions: Expressions,
    unit: Unit,
    currency: str,
    defines: Mapping[str, s.Define],
) -> tuple[n.RefundRule, ...]:
    statements = block.every(s.Refund)
    if kind is n.PoolKind.GRANT and statements:
        block.report.error(
            "R203", "a grant cost nothing, so nothing can be given back", statements[0].span, "delete it"
        )
        return ()
    scope = _refund_scope(unit, currency, expressions, defines)
    money = figure(currency_unit(currency).dimension)
    rules = []
    for statement in statements:
        formula = condition = None
        if statement.formula is not None:
            formula = expressions.typed(statement.formula, scope, money, "a refund")
        if statement.condition is not None:
            condition = expressions.condition(statement.condition, scope)
        within = expressions.written.duration(statement.within) if statement.within else None
        rules.append(n.RefundRule(statement.span, n.RefundForm(statement.form), formula, within, condition))
    return tuple(rules)
