"""What a text can be: its choices, as far as the conditions around it leave them."""

from __future__ import annotations

import pytest

from ratewright.meaning import nodes as n
from ratewright.meaning.possible_values import narrowed, possible_values
from ratewright.meaning.types import FLAG, TEXT, Kind, Type
from ratewright.resolve.scope import Scope, given
from tests.resolve.formulas import resolve

PLACE = Scope(
    "in a test",
    {
        "plan": given(n.SettingValue, "plan", Type(Kind.TEXT, choices=("free", "pro", "gold"))),
        "kind": given(n.FieldValue, "kind", Type(Kind.TEXT, choices=("a", "b"))),
        "any": given(n.FieldValue, "any", TEXT),
        "open": given(n.SettingValue, "open", FLAG),
    },
)


def _made(text: str) -> n.Expression:
    made, problems = resolve(text, PLACE)
    assert not problems, problems
    return made


@pytest.mark.parametrize(
    ("condition", "holds", "left"),
    [
        ("plan == pro", True, ("pro",)),
        ("plan == pro", False, ("free", "gold")),
        ("plan != pro", True, ("free", "gold")),
        ("pro == plan", True, ("pro",)),
        ("not plan == pro", True, ("free", "gold")),
        ("plan == pro or plan == free", True, ("pro", "free")),
        ("plan == pro or plan == free", False, ("gold",)),
        ("plan == pro or open", True, ("free", "pro", "gold")),
        ("plan == pro and open", True, ("pro",)),
        ("plan == pro and open", False, ("free", "pro", "gold")),
        ("plan != pro and plan != gold", True, ("free",)),
    ],
)
def test_what_a_condition_leaves(condition: str, holds: bool, left: tuple[str, ...]) -> None:
    assert possible_values(_made("plan"), narrowed(_made(condition), {}, holds=holds)) == left


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("plan", ("free", "pro", "gold")),
        ("any", ()),
        ("open", ()),
        ('"x"', ("x",)),
        ("if open then plan else kind", ("free", "pro", "gold", "a", "b")),
        ("if plan == pro then kind else plan", ("a", "b", "free", "gold")),
        ("if plan == pro then plan else kind", ("pro", "a", "b")),
        ('if open then plan else "none"', ("free", "pro", "gold", "none")),
        ("if open then plan else any", ()),
        ("if open then any else plan", ()),
        ("if plan == pro then kind else if plan == gold then plan else kind", ("a", "b", "gold")),
    ],
)
def test_what_a_formula_can_be(text: str, values: tuple[str, ...]) -> None:
    made = _made(text)
    assert possible_values(made, {}) == values
    if isinstance(made, n.Choose):
        assert made.type.choices == values
