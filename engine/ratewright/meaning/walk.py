"""Walking the nodes: what stands below an expression, another one with other parts, what it reads.

All of it goes by the fields of the nodes, so that a new kind of node needs no line here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cache, wraps
from typing import Any, TypeVar

from msgspec.structs import replace

from ratewright.diagnostics import Span
from ratewright.meaning import nodes as n

K = TypeVar("K", bound=n.Node)
T = TypeVar("T")


class Identity:
    """A node compared by identity, for caches: hashing a deep tree at each call would cost more than it saves."""

    __slots__ = ("node",)

    def __init__(self, node: Any) -> None:
        self.node = node

    def __hash__(self) -> int:
        return id(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and other.node is self.node


def kept(node: n.Node, name: str, make: Callable[[], T]) -> T:
    """What is made of a node, made once: it goes where the node goes, and threads share it."""
    beside = node.__dict__
    if name not in beside:
        beside[name] = make()
    found: T = beside[name]
    return found


def kept_with_node(find: Callable[[K], Iterable[T]]) -> Callable[[K], tuple[T, ...]]:
    """What a function finds in a node, found once and kept with it."""
    name = find.__name__

    @wraps(find)
    def known(node: K) -> tuple[T, ...]:
        found: tuple[T, ...] | None = node.__dict__.get(name)  # asked at each line: a lambda for nothing would show
        return kept(node, name, lambda: tuple(find(node))) if found is None else found

    return known


# ---------------------------------------------------------------- what stands below


def children(node: n.Expression) -> tuple[n.Expression, ...]:
    """The expressions directly below a node: in the order of the text, then the rows of the table that it asks."""
    own: list[n.Expression] = []
    of_tables: list[n.Expression] = []
    for name in fields_of(type(node)):
        value = getattr(node, name)
        if not value or isinstance(value, str):
            continue
        if isinstance(value, n.Expression):
            own.append(value)
        elif isinstance(value, tuple):
            own.extend(expressions_in(value))
        elif isinstance(value, n.Node | Mapping):
            of_tables.extend(expressions_in(value))
    return (*own, *of_tables)


def expressions_in(value: object) -> Iterator[n.Expression]:
    """The outermost expressions in a node, or in several, in the order of the fields: those of a price form, of a
    declaration. An expression is its own."""
    if isinstance(value, n.Expression):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from expressions_in(item)
    elif isinstance(value, n.Node):
        for name in fields_of(type(value)):
            yield from expressions_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from expressions_in(item)


def nodes_in(value: object, kind: type[K]) -> Iterator[K]:
    """The nodes of a kind in a node, or in several, outside the expressions that stand in it: bounds, tiers, rules."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, n.Node):
        for name in fields_of(type(value)):
            item = getattr(value, name)
            if not isinstance(item, n.Expression):
                yield from nodes_in(item, kind)
    elif isinstance(value, tuple | Mapping):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from nodes_in(item, kind)


def with_children(node: n.Expression, change: Callable[[n.Expression], n.Expression]) -> n.Expression:
    """The node with each expression directly below it changed; the same node where nothing changes."""
    made: n.Expression = _with_changed_fields(node, change)
    return made


def _changed(value: Any, change: Callable[[n.Expression], n.Expression]) -> Any:
    if isinstance(value, n.Expression):
        return change(value)
    if isinstance(value, tuple):
        items = tuple(_changed(item, change) for item in value)
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    if isinstance(value, Mapping):
        entries = {key: _changed(item, change) for key, item in value.items()}
        return value if all(entries[key] is item for key, item in value.items()) else entries
    return _with_changed_fields(value, change) if isinstance(value, n.Node) else value


def _with_changed_fields(node: n.Node, change: Callable[[n.Expression], n.Expression]) -> Any:
    before = {name: getattr(node, name) for name in fields_of(type(node))}
    after = {name: _changed(value, change) for name, value in before.items()}
    changes = {name: value for name, value in after.items() if value is not before[name]}
    return replace(node, **changes) if changes else node


@cache
def fields_of(kind: type[n.Node]) -> tuple[str, ...]:
    """The fields of a kind of node in which others may stand."""
    return tuple(name for name in kind.__struct_fields__ if name not in ("span", "type", "places"))


def parts(node: n.Expression) -> Iterator[n.Expression]:
    """The node and everything below it, in the order of `children`."""
    yield node
    for child in children(node):
        yield from parts(child)


def is_priced(node: n.Expression) -> bool:
    """Whether all amounts in a formula are in the account's currency."""
    return not any(isinstance(part, n.NoPrice) for part in parts(node))


def said(value: object) -> Hashable:
    """What a node says, wherever it stands in the file: the same for two that say the same."""
    if isinstance(value, n.Node):
        return (type(value), *(said(getattr(value, name)) for name in fields_of(type(value))))
    if isinstance(value, Mapping):
        return frozenset((key, said(item)) for key, item in value.items())
    return tuple(said(item) for item in value) if isinstance(value, tuple) else value


def places_of(node: n.Expression) -> tuple[Span, ...]:
    """Where a figure stands that may have been worked out of others: their places."""
    return (isinstance(node, n.Constant) and node.places) or (node.span,)


# ---------------------------------------------------------------- of the period, of its records


@kept_with_node
def of_the_period(node: n.Expression) -> Iterator[n.Expression]:
    """The node and what stands below it, without what is asked of each record."""
    yield node
    match node:
        case n.Aggregate(operand=operand, rank=rank):
            inside = [
                e for e in (operand if operand is not None and operand.type.many else None, rank) if e is not None
            ]
        case n.Series(cadence=None, key=None, instants=False, since=since):
            inside = [since] if since is not None else []
        case n.Series(operand=operand, condition=condition, since=since):
            inside = [e for e in (operand, condition, since) if e is not None]
        case _:
            inside = list(children(node))
    for child in inside:
        yield from of_the_period(child)


@kept_with_node
def sums_of_records(measure: n.Expression) -> Iterator[n.Aggregate]:
    """The sums over the records of a period in a measure; not those over parts of it, such as each of its days."""
    inside: set[int] = set()
    for part in parts(measure):
        if isinstance(part, n.Series):
            inside.update(id(p) for p in parts(part))
        elif isinstance(part, n.Aggregate) and part.aggregation is n.Aggregation.SUM and id(part) not in inside:
            yield from (part,) if part.operand is not None and not part.operand.type.many else ()


# ---------------------------------------------------------------- what is read


@kept_with_node
def given_in(node: n.Expression) -> Iterable[n.Given]:
    """What the expression reads, each once, in the order of the text."""
    found: dict[str, n.Given] = {}
    for part in parts(node):
        if isinstance(part, n.Given):
            found.setdefault(part.key, part)
    return found.values()


@kept_with_node
def settings_in(node: n.Expression) -> Iterator[n.SettingValue]:
    """The settings that an expression reads, each once."""
    return (given for given in given_in(node) if isinstance(given, n.SettingValue))


@kept_with_node
def looks_back(node: n.Expression) -> Iterator[n.Series]:
    """The series in an expression that look back further than the period."""
    return (part for part in parts(node) if isinstance(part, n.Series) and part.since is not None)


@kept_with_node
def settings_of_the_period(node: n.Expression) -> Iterator[n.SettingValue]:
    """The settings that an expression asks of the period, not of each record."""
    return (part for part in of_the_period(node) if isinstance(part, n.SettingValue))


@kept_with_node
def lengths_asked(node: n.Expression) -> Iterator[n.Given]:
    """Where an expression asks how long its period is."""
    return (given for given in given_in(node) if isinstance(given, n.PeriodFact) and given.name in ("days", "length"))
