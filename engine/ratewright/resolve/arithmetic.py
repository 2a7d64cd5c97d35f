"""Arithmetic and comparison: like with like, prices with quantities, dates with durations."""

from __future__ import annotations

import re

from msgspec.structs import replace

from ratewright.advice.words import listed
from ratewright.diagnostics import Span, did_you_mean
from ratewright.formula.interpreter import division_by_nothing
from ratewright.meaning import nodes as n
from ratewright.meaning.possible_values import possible_values
from ratewright.meaning.types import (
    DURATION,
    FLAG,
    INSTANT,
    UNKNOWN,
    Kind,
    Type,
    figure,
    fits,
)
from ratewright.resolve.context import Context, failed
from ratewright.resolve.name_space import taken_for_itself
from ratewright.resolve.scope import Scope
from ratewright.resolve.written_units import joined_dimension
from ratewright.syntax import nodes as s
from ratewright.values.exact import Exact
from ratewright.values.units import NUMBER


def same(context: Context, operands: tuple[n.Expression, ...], rule: str) -> Type:
    """The type of figures that must be alike; UNKNOWN where they are not (reported, with the rule)."""
    known = [o for o in operands if o.type.kind is not Kind.UNKNOWN]
    for other in known[1:]:
        if other.type.dimension != known[0].type.dimension:
            context.report.error(
                "R205",
                f"{rule}: `{known[0].span.text}` is {context.written.phrase(known[0].type)}"
                f" and `{other.span.text}` is {context.written.phrase(other.type)}",
                other.span,
                _unit_help(context, known[0], other, _operand(known[0])),
                (("the other", known[0].span),),
            )
            return UNKNOWN
    lost = len(known) < len(operands) and all(o.type.is_number for o in known)  # the plain numbers may be slips too
    return known[0].type if known and not lost else UNKNOWN


def resolve_sum(context: Context, node: s.Sum, scope: Scope, wanted: Type) -> n.Expression:
    """`a + b - c`, or a date and what lies behind or before it."""
    first = context.resolve(node.terms[0][1], scope, wanted)
    if first.type.kind is Kind.INSTANT:
        return _date_sum(context, node, first, scope)
    rest = tuple(context.figure(term, scope, "what is added") for _, term in node.terms[1:])
    if first.type.kind not in (Kind.FIGURE, Kind.UNKNOWN):
        context.report.error(
            "R205",
            f"`{first.span.text}` is {first.type} and cannot be added to",
            first.span,
            "write a figure, or a name that stands for one",
        )
        return failed(node.span)
    type_ = same(context, (first, *rest), "only like can be added to like")
    if first.type.kind is Kind.UNKNOWN and type_ == DURATION:
        type_ = UNKNOWN  # it may have been a date
    signs = [1 if operator == "+" else -1 for operator, _ in node.terms]
    return n.Sum(node.span, type_, tuple(zip(signs, (first, *rest), strict=True)))


def _date_sum(context: Context, node: s.Sum, first: n.Expression, scope: Scope) -> n.Expression:
    result, phrase = first, context.written.phrase
    for operator, term in node.terms[1:]:
        span = Span(node.span.source, node.span.start, term.span.end)
        if isinstance(term, s.Quantity):
            duration = context.written.length_of(term.value, term.unit, term.span)
            result = n.Later(span, INSTANT, result, duration, 1 if operator == "+" else -1)
            continue
        other = context.resolve(term, scope)
        if operator == "-" and other.type.kind is Kind.INSTANT:
            result = n.Elapsed(span, DURATION, other, result)
        elif other.type.kind is not Kind.UNKNOWN:
            context.report.error(
                "R205",
                f"to a date a written duration can be added, and `{term.span.text}` is {phrase(other.type)}",
                term.span,
                f"write `{first.span.text} + 7 days`"
                + (f"; a length is compared: `end - start < {term.span.text}`" if other.type == DURATION else ""),
            )
    return result


def resolve_product(context: Context, node: s.Product, scope: Scope) -> n.Expression:
    """`a * b / c`."""
    unknown = _check_slip(context, node)
    factors = []
    for operator, factor in node.factors:
        made = context.figure(factor, scope, "what is multiplied")
        if operator == "/" and isinstance(made, n.Constant) and made.value == 0 and made.type.kind is Kind.FIGURE:
            context.report.diagnostics.append(division_by_nothing(made.span).diagnostic)
            made = failed(made.span)
        unknown = unknown or made.type.kind is Kind.UNKNOWN
        factors.append((operator == "/", made))
    dimension = NUMBER if unknown else joined_dimension([(divides, made.type.dimension) for divides, made in factors])
    return n.Product(node.span, UNKNOWN if unknown else figure(dimension), tuple(factors))


def _check_slip(context: Context, node: s.Product) -> bool:
    """`a / 3 USD/GB` would read as (a / 3 USD) / GB, which nobody means. Returns whether it was reported."""
    found = False
    for (op1, divisor), (op2, unit) in zip(node.factors[1:], node.factors[2:], strict=False):
        if op1 != "/" or op2 != "/" or not isinstance(divisor, s.Quantity):
            continue
        if (isinstance(unit, s.Ref) and unit.name.text in context.units) or isinstance(unit, s.Quantity):
            span = Span(divisor.span.source, divisor.span.start, unit.span.end)
            context.report.error("R207", f"`/ {span.text}` can be read in two ways", span, f"write `/ ({span.text})`")
            found = True
    return found


def resolve_comparison(context: Context, node: s.Comparison, scope: Scope) -> n.Expression:
    """`a == b`, `a < b`, …; a name may be a choice of what it is compared with."""
    left: n.Expression
    if _may_be_a_choice(node.left, scope) and not _means_nothing_alone(context, node.right, scope):
        right = context.resolve(node.right, scope)
        left = _compared_with(context, right, node.left, scope)
    else:
        left = context.resolve(node.left, scope)
        right = _compared_with(context, left, node.right, scope)
    made = n.Comparison(node.span, FLAG, node.operator, left, right)
    if Kind.UNKNOWN in (left.type.kind, right.type.kind):
        return made
    phrase = context.written.phrase
    if left.type.kind is not right.type.kind or left.type.dimension != right.type.dimension:
        context.report.error(
            "R205",
            f"`{left.span.text}` is {phrase(left.type)} and `{right.span.text}` is {phrase(right.type)}:"
            " they cannot be compared",
            node.span,
            _unit_help(context, left, right),
        )
    elif left.type.kind in (Kind.TEXT, Kind.FLAG) and node.operator not in ("==", "!="):
        context.report.error("R205", f"{left.type} has no order", node.span, "compare with `==` or `!=`")
    else:
        _check_choice(context, left, right)
        _check_choice(context, right, left)
    return made


def _may_be_a_choice(node: s.Expression, scope: Scope) -> bool:
    """Whether a side of a comparison is a name that may have its meaning by what it is compared with."""
    return isinstance(node, s.Ref) and node.name.text not in scope.names


def _means_nothing_alone(context: Context, node: s.Expression, scope: Scope) -> bool:
    """Whether a side of a comparison is a name that has no other meaning than by what it is compared with."""
    if not isinstance(node, s.Ref) or node.name.text in scope.names:
        return False
    return context.named.defined(node.name.text, scope) is None


def _compared_with(context: Context, known: n.Expression, node: s.Expression, scope: Scope) -> n.Expression:
    """The other side of a comparison. Where the first is wrong, which was said, this may be one of its choices."""
    wrong = known.type.kind is Kind.UNKNOWN and _means_nothing_alone(context, node, scope)
    return failed(node.span) if wrong else context.resolve(node, scope, known.type)


def _check_choice(context: Context, chosen: n.Expression, value: n.Expression) -> None:
    choices = chosen.type.choices
    if choices and isinstance(value, n.Constant) and value.value not in choices:
        context.report.error(
            "R205",
            f"`{chosen.span.text}` is {chosen.type}, never `{value.value}`",
            value.span,
            did_you_mean(str(value.value), choices) or f"write {listed([f'`{c}`' for c in choices], 'or')}",
        )


def resolve_choice(context: Context, node: s.Choose, scope: Scope, wanted: Type) -> n.Expression:
    """`if … then … else …`. Where both are texts of certain choices, so is this: of those of either."""
    phrase, condition = context.written.phrase, context.condition(node.condition, scope)
    yes, no = context.resolve(node.yes, scope, wanted), context.resolve(node.no, scope, wanted)
    if Kind.UNKNOWN not in (yes.type.kind, no.type.kind) and not fits(no.type, yes.type):
        context.report.error(
            "R205",
            f"what stands behind `then` is {phrase(yes.type)}, and behind `else` {phrase(no.type)}",
            node.no.span,
            context.written.with_unit(node.no.span.text, yes.type)
            if isinstance(node.no, s.Number) and yes.type.kind is Kind.FIGURE
            else "both must be of one kind",
            (("the other", node.yes.span),),
        )
        return failed(node.span)
    made = n.Choose(node.span, yes.type, condition, yes, no)
    if yes.type.kind is not Kind.TEXT or not (yes.type.choices or no.type.choices):
        return made
    return replace(made, type=Type(Kind.TEXT, choices=possible_values(made, {})))


def resolve_rounded(context: Context, node: s.Rounded, scope: Scope) -> n.Expression:
    """`round … x to step`."""
    operand = context.figure(node.operand, scope, "what is rounded")
    step: Exact = 1
    if node.step is not None:
        made = context.written.for_all_accounts(context.resolve(node.step, scope))
        if made.type.kind is Kind.UNKNOWN or operand.type.kind is Kind.UNKNOWN:
            return failed(node.span)
        if len(operand.type.dimension) > 1 and made.type.dimension != operand.type.dimension:
            _compound_step(context, operand, made)
            return failed(node.span)
        if same(context, (operand, made), "a figure is rounded to a step of its own unit").kind is Kind.UNKNOWN:
            return failed(node.span)
        step = made.value if isinstance(made, n.Constant) and isinstance(made.value, Exact) else 1
    elif operand.type.kind is Kind.FIGURE and not operand.type.is_number:
        context.report.error(
            "R205",
            f"`{node.operand.span.text}` is {context.written.phrase(operand.type)};"
            " without `to` only a plain number can be rounded",
            node.span,
            f"say to what: `{node.span.text} to 1 {context.written.unit_text(operand.type).removesuffix('s')}`",
        )
        return failed(node.span)
    if step <= 0:
        context.report.error("R219", "a rounding step must be more than 0", node.span, "round to a step: `… to 0.01`")
        return failed(node.span)
    return n.Rounded(node.span, operand.type, node.way, operand, step)


def _compound_step(context: Context, operand: n.Expression, made: n.Expression) -> None:
    unit = context.written.unit_text(operand.type)
    step = made.span.text.split()[0]
    context.report.error(
        "R205",
        f"a step has one unit, and `{operand.span.text}` is in {unit}",
        made.span,
        f"round it as a plain number: `round … (… / (1 {unit})) to {step}`, and multiply that by `1 {unit}`",
    )


def _operand(node: n.Expression) -> str:
    """An expression as it stands behind `of`."""
    text = node.span.text
    return text if re.fullmatch(r"[\w.,]+(?: \w+)?|\w+\([^()]*\)", text) else f"({text})"


def _unit_help(context: Context, left: n.Expression, right: n.Expression, of: str = "…") -> str:
    """What makes two figures alike; `of` is what a percentage of them would be of."""
    for day, other in ((left, right), (right, left)):
        if isinstance(day, n.NameOf):
            names, value = day.type.choices, other.value if isinstance(other, n.Constant) else 0
            name = names[value - 1] if isinstance(value, int) and 0 < value <= len(names) else names[0]
            return f"compare it with a name: `{day.span.text} == {name}`"
    for number, other in ((left, right), (right, left)):
        if number.type.is_number and other.type.kind is Kind.FIGURE and not other.type.is_number:
            written = number.span.text if isinstance(number, n.Constant) else "…"
            if written.endswith("%"):
                return f"say of what: `{written} of {of}`"
            declared = context.written.declared.get(other.name) if isinstance(other, n.Given) else None
            return context.written.with_unit(written, other.type, declared)
    for text, other in ((left, right), (right, left)):
        if isinstance(other, n.Constant) and isinstance(other.value, bool):
            named = taken_for_itself(other.span.text, context.report)
            if named or text.type.kind is Kind.TEXT:
                return named or f'write "{other.span.text}" for the text'
    if left.type.kind is Kind.FIGURE and right.type.kind is Kind.FIGURE:
        return "multiply or divide one of them until both are in one unit"
    return "both must be of one kind"
