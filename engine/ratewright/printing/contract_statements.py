"""The statements of contracts → their canonical words."""

from __future__ import annotations

import re
from functools import singledispatch

from ratewright.printing.expression_text import expression_text, lookup_text, quoted
from ratewright.printing.parts import Written, amount_text, optional_text, price_text
from ratewright.printing.rows import BOUND_WORDS, bound_text
from ratewright.syntax import nodes as n

_WORD = re.compile(r"[0-9]*[A-Za-z_][0-9A-Za-z_]*", re.ASCII)

ContractStatement = n.Base | n.Holders | n.Replace | n.Scale


@singledispatch
def contract_statement_text(node: n.Statement) -> Written:
    """The keyword and the rest of a statement of a contract."""
    raise AssertionError(f"{type(node).__name__} is no statement of a contract")


@contract_statement_text.register
def _(node: n.Base) -> Written:
    return "list", f"{node.name.text}{optional_text('as of', node.day)}"


@contract_statement_text.register
def _(node: n.Holders) -> Written:
    return "for", ", ".join(name.text if _WORD.fullmatch(name.text) else quoted(name.text) for name in node.accounts)


@contract_statement_text.register
def _(node: n.Replace) -> Written:
    part = bound_text(node.part) if isinstance(node.part, n.Bound) else price_text(node.part)
    return "replace", f"{_target_text(node.target)} with {part}"


@contract_statement_text.register
def _(node: n.Scale) -> Written:
    return "scale", f"{_target_text(node.target)} by {expression_text(node.factor)}"


def _target_text(node: n.Target) -> str:
    match node.part:
        case None:
            return node.name.text
        case n.Lookup():
            return lookup_text(node.part, (bound_text(node.row),) if node.row is not None else (), BOUND_WORDS)
        case n.Bound():
            part = bound_text(node.part)
        case n.Quantity():
            part = amount_text(node.part)
        case n.Rest():
            part = "else"
        case n.Name():
            part = node.part.text
    return f"{part} of {node.name.text}"
