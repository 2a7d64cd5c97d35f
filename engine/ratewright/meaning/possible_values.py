"""Which of its choices a text can be, as far as the conditions around it leave them."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.meaning import nodes as n
from ratewright.meaning.types import Kind

Facts = Mapping[str, tuple[str, ...]]
"""What a setting, a field or a formula can still be, by its name, where conditions have narrowed it."""

_NAMED = (n.SettingValue, n.FieldValue, n.KeyValue, n.TagValue, n.Defined)


def possible_values(node: n.Expression, facts: Facts) -> tuple[str, ...]:
    """What a text can be, in the order of its declaration; nothing where it can be any text, or is none."""
    if node.type.kind is not Kind.TEXT:
        return ()
    match node:
        case n.Constant(value=str(value)):
            return (value,)
        case n.Choose(condition=condition, yes=yes, no=no):
            first = possible_values(yes, narrowed(condition, facts, holds=True))
            second = possible_values(no, narrowed(condition, facts, holds=False))
            return tuple(dict.fromkeys((*first, *second))) if first and second else ()
    name = _name(node)
    return facts.get(name, node.type.choices) if name else node.type.choices


def narrowed(condition: n.Expression, facts: Facts, *, holds: bool) -> Facts:
    """What is still possible where a condition holds, or does not."""
    match condition:
        case n.Negated(operand=operand):
            return narrowed(operand, facts, holds=not holds)
        case n.Defined(expression=expression):
            return narrowed(expression, facts, holds=holds)
        case n.AllOf(parts=members) if holds:
            for member in members:
                facts = narrowed(member, facts, holds=True)
        case n.AnyOf(parts=members) if not holds:
            for member in members:
                facts = narrowed(member, facts, holds=False)
        case n.AnyOf(parts=members) | n.AllOf(parts=members):
            ways = [narrowed(member, facts, holds=holds) for member in members]
            names = set(ways[0]).intersection(*ways[1:])
            joined = {name: tuple(dict.fromkeys(value for way in ways for value in way[name])) for name in names}
            facts = {**facts, **joined}
        case n.Comparison(operator=("==" | "!=") as operator, left=left, right=right):
            one, other = (left, right) if isinstance(right, n.Constant) else (right, left)
            name, choices = _name(one), possible_values(one, facts)
            if name and choices and isinstance(other, n.Constant) and isinstance(other.value, str):
                equal = (operator == "==") is holds
                facts = {**facts, name: tuple(c for c in choices if (c == other.value) is equal)}
    return facts


def _name(node: n.Expression) -> str:
    return node.name if isinstance(node, _NAMED) else ""
