"""Settings: what an account says of itself; and what a setting or a field may be, with its default."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.meaning import nodes as n
from ratewright.meaning.types import FLAG, INSTANT, PLAIN_NUMBER, TEXT, UNKNOWN, Kind, Type, figure
from ratewright.resolve.blocks import Block
from ratewright.resolve.scope import Maker, Scope, given
from ratewright.resolve.tables import unit_of
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.exact import Exact
from ratewright.values.units import PERCENT, Unit


def resolve_kind(kind: s.Kind, expressions: Expressions) -> tuple[Type, Unit | None]:
    """The type that a setting or field is declared with, and its unit if it has one."""
    if kind.below is not None and kind.below.value:
        help = "write `below 0` behind what may be less than that"
        expressions.report.error("R219", "a figure may go below 0, and has no other bound", kind.below.span, help)
    if kind.kind == "text":
        return TEXT, None
    if kind.kind == "number":
        return PLAIN_NUMBER, None
    if kind.kind == "date":
        return INSTANT, None
    if kind.kind == "choice":
        seen: set[str] = set()
        for choice in kind.choices:
            if choice.text in seen:
                expressions.report.error("R202", f"`{choice.text}` is named twice", choice.span, "keep one")
            seen.add(choice.text)
        return Type(Kind.TEXT, choices=tuple(c.text for c in kind.choices)), None
    assert kind.unit is not None
    unit = expressions.written.unit_of_data(kind.unit)
    return (figure(unit.dimension), unit) if unit else (UNKNOWN, None)


def resolve_setting(declaration: s.Setting, expressions: Expressions) -> n.Setting:
    """A setting; without a type it takes that of its default, and without either it is on or off."""
    block = Block(declaration, expressions.report)
    name, default = declaration.name.text, declaration.default
    type_: Type
    unit: Unit | None = None
    if declaration.kind is not None:
        type_, unit = resolve_kind(declaration.kind, expressions)
    elif isinstance(default, s.Text):
        expressions.report.error(
            "R203",
            f"setting `{name}` does not say what it may be",
            default.span,
            f"write `setting {name} one of {default.text}, … = {default.text}`, or `setting {name} text = …`",
        )
        type_ = TEXT
    elif isinstance(default, s.Quantity | s.AnyOf):
        type_ = expressions.resolve(default, Scope("in a value")).type
        written = expressions.units.get(default.unit.text) if isinstance(default, s.Quantity) else None
        of_type = written is not None and written.dimension == type_.dimension
        unit = written if of_type else unit_of(type_, expressions)
    elif isinstance(default, s.Number | s.Percent):
        type_ = PLAIN_NUMBER
    elif isinstance(default, s.Time):
        type_ = INSTANT
    else:
        type_ = FLAG
    value = None
    if default is not None and type_.kind is not Kind.UNKNOWN:
        value = declared_default(default, type_, unit, f"setting `{name}`", declaration.kind, expressions)
    if unit is not None:
        expressions.written.declared[name] = unit
    below = declaration.kind is not None and declaration.kind.below is not None
    told_in = PERCENT if isinstance(default, s.Percent) else unit
    return n.Setting(declaration.span, name, block.title(), type_, unit, value, block.cite(), below, told_in)


def declared_default(
    node: s.Expression, type_: Type, unit: Unit | None, what: str, kind: s.Kind | None, expressions: Expressions
) -> n.Value | None:
    """The value of a default; None where it does not fit (reported). It is below 0 only where the kind says so."""
    value = expressions.literal(node, type_, unit, what)
    if type_.kind is Kind.FIGURE and isinstance(value, Exact) and value < 0 and (kind is None or kind.below is None):
        held = "number" if unit is None else f"in {unit.plural}"
        help = f"if it may be, say so in front of the default: `{held} below 0 = {node.span.text}`"
        expressions.report.error("R219", f"{what} is below 0", node.span, help)
    return value


def setting_names(settings: Mapping[str, n.Setting], currency: str, currencies: tuple[str, ...]) -> dict[str, Maker]:
    """The settings as names of formulas, and what a file knows of every account: its activation, and which of several
    currencies it has."""
    of_list = Type(Kind.TEXT, choices=currencies)
    of_account: dict[str, Maker] = {"activation": given(n.SettingValue, "activation", INSTANT)}
    if len(currencies) > 1:
        of_account["currency"] = lambda span: n.Constant(span, of_list, currency, named=True)
    return of_account | {name: given(n.SettingValue, name, setting.type) for name, setting in settings.items()}
