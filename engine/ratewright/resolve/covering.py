"""What a pool pays for: meters, each at its ratio, or lines of the bill; in which unit, and for which usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as n
from ratewright.meaning.sums import DUE, PAID_SUMS, SUMS
from ratewright.meaning.types import TEXT, Kind, Type
from ratewright.meaning.walk import given_in
from ratewright.resolve.blocks import Block
from ratewright.resolve.meters import tag_scope
from ratewright.resolve.name_space import unknown
from ratewright.resolve.scope import Scope
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.exact import Exact, ratio
from ratewright.values.units import NUMBER, PLAIN, Unit, currency_unit, times


class Covering(Struct, frozen=True):
    """What a pool covers, in its unit; `unit` is PLAIN where nothing can be told (reported)."""

    meters: tuple[str, ...]
    ratios: Mapping[str, n.Ratio]
    pays: tuple[str, ...]
    unit: Unit


def resolve_covering(
    block: Block,
    expressions: Expressions,
    meters: Mapping[str, n.Meter],
    currency: str,
    defines: Mapping[str, s.Define],
) -> Covering:
    """What a pool covers. A pool of money may leave it to `deduct subtotal` and `deduct total`."""
    money = currency_unit(currency)
    if not block.every(s.Covers) and _first_unit(block, expressions) == money:
        return Covering((), {}, (), money)
    statement = block.need(s.Covers, "write `covers` and the meter whose usage it pays for")
    if statement is None:
        return Covering((), {}, (), PLAIN)
    found: dict[str, s.Covered] = {}
    pays: dict[str, s.Covered] = {}
    for covered in statement.covered:
        name = covered.name
        if name.text in found or name.text in pays:
            block.report.error("R204", f"`{name.text}` is covered twice", name.span, "keep one")
        elif name.text in meters:
            found[name.text] = covered
        elif block.report.declared.get(name.text) == "charge" or name.text in PAID_SUMS:
            pays[name.text] = covered
        elif block.report.declared.get(name.text) in ("discount", "tax"):
            what = block.report.declared[name.text]
            block.report.error(
                "R212",
                f"`{name.text}` is a {what}: pools pay for meters, charges, `subtotal` and `total`",
                name.span,
                "let it pay for the charge, or for `subtotal` or `total`",
            )
        elif name.text in (*SUMS, DUE):
            block.report.error(
                "R201",
                f"`{name.text}` is a sum that nothing is paid of",
                name.span,
                "write `covers subtotal` for what is paid before tax, `covers total` after it",
            )
        else:
            lines = [known for known, kind in block.report.declared.items() if kind == "charge"]
            unknown("meter", name, dict.fromkeys((*meters, *lines, *PAID_SUMS)), block.report)
    _check_lines(block, tuple(pays.values()))
    unit = money if pays else _unit(block, expressions, tuple(found.values()), meters)
    ratios = {
        name: made
        for name, covered in found.items()
        if (made := _ratio(block, covered, meters[name], unit, expressions, defines)) is not None
    }
    return Covering(tuple(found), ratios, tuple(pays), unit)


def _check_lines(block: Block, pays: tuple[s.Covered, ...]) -> None:
    for covered in pays:
        if covered.ratio is not None:
            block.report.error(
                "R214",
                f"`{covered.name.text}` is money, which is paid one for one",
                covered.ratio.span,
                "take the `at` out; what a pool should not pay stays in a line of its own",
            )


def _unit(block: Block, expressions: Expressions, covered: Sequence[s.Covered], meters: Mapping[str, n.Meter]) -> Unit:
    """The unit of a pool: that of a meter that is covered as it is, or else that of its size."""
    if not covered:
        return PLAIN
    plain = [meters[c.name.text].unit for c in covered if c.ratio is None]
    if plain:
        return plain[0]
    units = [meters[c.name.text].unit for c in covered]
    written = _first_unit(block, expressions)
    if written is None:
        return units[0]
    return next((unit for unit in units if unit.dimension == written.dimension), written)


def _first_unit(block: Block, expressions: Expressions) -> Unit | None:
    """The unit of the first size, if it is written with one."""
    written: list[s.Expression] = [size.amount for size in block.every(s.Size) if size.amount is not None]
    for sizes in block.every(s.Sizes):
        for row in sizes.rows:
            bound = row.size.limit if isinstance(row.size, s.Bound) else row.size
            written += [bound] if bound is not None else []
    for written_amount in written:
        amount = written_amount.parts[0] if isinstance(written_amount, s.AnyOf) else written_amount
        if isinstance(amount, s.Quantity) and amount.unit.text in expressions.units:
            currencies = expressions.written.currencies
            return expressions.units[currencies[0] if amount.unit.text in currencies else amount.unit.text]
        if isinstance(amount, s.Ref) and amount.name.text in expressions.settings:
            type_ = expressions.settings[amount.name.text](amount.span).type
            if type_.kind is Kind.FIGURE and type_.dimension:
                return Unit(str(type_), str(type_), 1, type_.dimension)
    return None


def _ratio(
    block: Block,
    covered: s.Covered,
    meter: n.Meter,
    unit: Unit,
    expressions: Expressions,
    defines: Mapping[str, s.Define],
) -> n.Ratio | None:
    """How much of the pool a unit of usage takes; None where it is the same unit, one for one."""
    if covered.ratio is None:
        if meter.unit.dimension != unit.dimension:
            block.report.error(
                "R214",
                f"{block.name} is in {unit.plural} and `{meter.name}` in {meter.unit.plural}, and nothing says "
                "how much of it one takes",
                covered.span,
                f"write how much: `{meter.name} at 2`, or let each have a pool of its own",
            )
        return None
    scope = tag_scope(meter, expressions.settings)
    hints = {tag.name: f"`{meter.name}` measures whole periods: write `by {tag.name}` there" for tag in meter.tags}
    scope = Scope(scope.place, scope.names, hints=hints, defines=defines)
    made = expressions.resolve(covered.ratio, scope)
    if made.type.kind is Kind.UNKNOWN:
        return None
    scale = _scale(made.type, unit, meter.unit)
    if scale is None:
        block.report.error(
            "R205",
            f"a ratio says how many {unit.plural} one {meter.unit.singular} takes, and `{covered.ratio.span.text}` is "
            f"{expressions.written.phrase(made.type)}",
            covered.ratio.span,
            f"write a plain number: `{meter.name} at 2`",
        )
        return None
    if isinstance(made, n.Constant) and made.value <= 0:  # type: ignore[operator]
        block.report.error(
            "R219",
            "a ratio is more than 0",
            covered.ratio.span,
            "usage that takes nothing of a pool has no limit in it: leave it out of `covers` and give it no price",
        )
        return None
    tags = tuple(g.name for g in given_in(made) if isinstance(g, n.TagValue))
    return n.Ratio(covered.ratio.span, made, scale, tags)


def _scale(type_: Type, pool: Unit, meter: Unit) -> Exact | None:
    """What makes a written ratio one of base units; None where it cannot be one."""
    if type_.kind is not Kind.FIGURE or type_.many:
        return None
    if type_.dimension == times(pool.dimension, meter.dimension, -1):
        return 1
    if type_.dimension == NUMBER:  # of the units as they are declared
        return ratio(pool.scale, meter.scale)
    if type_.dimension == pool.dimension:
        return ratio(1, meter.scale)
    return None


def resolve_scope(block: Block, covering: Covering, meters: Mapping[str, n.Meter]) -> tuple[n.ScopeName, ...]:
    """By what the lots of a pool may be told apart: names that the usage of all its meters is marked with."""
    found: dict[str, n.ScopeName] = {}
    for statement in block.every(s.ScopeOf):
        for name in statement.names:
            if name.text in found:
                block.report.error("R204", f"`scope {name.text}` stands twice", name.span, "keep one")
                continue
            made = _scope_name(block, name, covering, meters)
            if made is not None:
                found[name.text] = made
    return tuple(found.values())


def _scope_name(block: Block, name: s.Name, covering: Covering, meters: Mapping[str, n.Meter]) -> n.ScopeName | None:
    tags: list[tuple[n.Meter, n.Tag]] = []
    for covered in covering.meters:
        meter = meters[covered]
        known = tag_scope(meter, {}).names
        if name.text not in known:
            help = did_you_mean(name.text, list(known)) or f"declare it there: `field {name.text} text`"
            if meter.each is None:
                help = f"it measures whole periods: write `by {name.text}` there"
            block.report.error("R201", f"the usage of `{meter.name}` is not marked with `{name.text}`", name.span, help)
            return None
        tags.append((meter, meter.tag(name.text)))
    if covering.pays:  # a line has the keys of its meters; `check_order` sees that it has this one
        tags += [(m, m.tag(name.text)) for m in meters.values() if name.text in m.by and m.name not in covering.meters]
    if not tags:
        block.report.error(
            "R201",
            f"{block.name} pays for nothing that is told apart by `{name.text}`",
            name.span,
            "name a meter or a charge in `covers` that is kept apart by it",
        )
        return None
    first = tags[0][1]
    for meter, tag in tags[1:]:
        if (tag.type.kind, tag.type.dimension) != (first.type.kind, first.type.dimension):
            block.report.error(
                "R205",
                f"`{name.text}` is {first.type} in `{tags[0][0].name}` and {tag.type} in `{meter.name}`",
                name.span,
                "declare it alike in both",
                (("here", first.span), ("and here", tag.span)),
            )
            return None
    return n.ScopeName(name.span, name.text, _joined([tag.type for _, tag in tags]), first.unit)


def _joined(types: list[Type]) -> Type:
    """One type for values of several: with all their choices, if each has some."""
    if types[0].kind is not Kind.TEXT or not all(t.choices for t in types):
        return types[0] if types[0].kind is not Kind.TEXT else TEXT
    return Type(Kind.TEXT, choices=tuple(dict.fromkeys(c for t in types for c in t.choices)))
