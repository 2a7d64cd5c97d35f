"""Contracts: what differs from a price list, said beside it. The list's own declarations, with a contract's figures.

A replacement comes first, of several the one of the contract that is made for fewer; then factors. A figure is known
by its way through the syntax tree: declaration, statement, row, cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from ratewright.diagnostics import Source
from ratewright.syntax import nodes as n
from ratewright.syntax.parser import parse_rules
from tests.reference.contract_parts import WHOLE, Way, changed, check_bounds, figures_of, found, is_priced, times
from tests.reference.problems import Refused

Declarations = tuple[n.Declaration, ...]
NAMED = (n.Charge, n.Pool, n.Table, n.Define, n.LimitDeclaration)
"""What a contract may name; a `deduct` and a meter are called alike."""


@dataclass(frozen=True)
class Contract:
    """What one file says. `since` and `until` are days of the list's timezone, `pinned` one of the list's days."""

    statements: tuple[n.Statement, ...]
    added: Declarations
    since: date | None = None
    until: date | None = None
    pinned: date | None = None
    holders: int | None = None  # how many accounts it is for; None where it is of whoever names it
    splits: bool = False
    way: str | None = None

    @property
    def narrowness(self) -> tuple[int, int]:
        """Smaller for a contract that is made for fewer: for one account, for several, for none."""
        return (1, 0) if self.holders is None else (0, min(self.holders, 2))


@dataclass
class Delta:
    """A list under contracts. `factors` are those of whole lines; `dropped` lines cost nothing. `absent` is declared,
    and not there: quotas that are dropped, and what only contracts declare that do not hold."""

    declarations: Declarations
    factors: dict[str, Fraction] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)


def read_contract(text: str) -> Contract:
    """Raises Refused where it is none."""
    tree, problems = parse_rules(Source("reference.contract", text))
    if problems:
        raise Refused(str(problems[0]))
    head, *added = tree.declarations
    made = Contract(head.statements, tuple(each for each in added if not isinstance(each, n.Example)))
    for each in head.statements:
        if isinstance(each, n.Base) and each.day is not None:
            made = _with(made, pinned=_day(each.day))
        elif isinstance(each, n.Effective):
            made = _with(made, since=_day(each.start), until=_day(each.until) if each.until else None)
        elif isinstance(each, n.Holders):
            made = _with(made, holders=len(each.accounts))
        elif isinstance(each, n.Splits):
            made = _with(made, splits=True)
        elif isinstance(each, n.Factors):
            made = _with(made, way=each.way.text)
    return made


def _with(contract: Contract, **said: object) -> Contract:
    from dataclasses import replace as with_fields

    return with_fields(contract, **said)  # type: ignore[arg-type]


def _day(time: n.Time) -> date:
    return date.fromisoformat(str(time.moment)[:10])


def under(
    declarations: Declarations, contracts: Sequence[Contract], others: Sequence[Contract], codes: list[str], own: str
) -> Delta:
    """The declarations of a list under contracts, for an account in the currency `own` of `codes`; `others` are the
    contracts of the account that do not hold."""
    delta = Delta(_with_added(declarations, contracts))
    absent = [each for contract in others for each in contract.added if not isinstance(each, n.Deduct)]
    delta.absent |= {name for name in map(_name, absent) if name is not None}
    named = {_name(each): index for index, each in enumerate(delta.declarations) if isinstance(each, NAMED)}
    listed = {_name(each) for each in declarations if isinstance(each, NAMED)}
    measured = _read_by_meters(declarations)
    dropped: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in contracts:
        for each in one.statements:
            if isinstance(each, n.Drop):
                dropped[each.name.text].append(one.narrowness)
    if any(claims.count(min(claims)) > 1 for claims in dropped.values()):
        raise Refused("two drops of one thing")
    for one in contracts:  # a replacement of a narrower contract holds against a wider drop
        for each in one.statements:
            name = each.target.name.text if isinstance(each, n.Replace) else ""
            if name in dropped and one.narrowness < min(dropped[name]):
                del dropped[name]
    replaced: dict[tuple[str, Way], list[tuple[Contract, n.Node]]] = defaultdict(list)
    factors: dict[tuple[str, Way], list[tuple[Contract, Fraction]]] = defaultdict(list)
    for contract in contracts:
        for each in contract.statements:
            if not isinstance(each, (n.Replace, n.Scale)):
                continue
            name = each.target.name.text
            if name not in listed:
                raise Refused(f"the list has no `{name}`")
            if name in measured:
                raise Refused(f"a meter reads `{name}`")
            if isinstance(each, n.Replace) and contract.narrowness in dropped.get(name, ()):
                raise Refused(f"`{name}` is dropped, and a part of it replaced")
            bound = isinstance(each, n.Replace) and isinstance(each.part, n.Bound)
            for way in found(delta.declarations[named[name]], each.target, bound=bound):
                if isinstance(each, n.Replace) and _is_in(each.part, codes, own):
                    replaced[name, way].append((contract, each.part))
                elif isinstance(each, n.Scale):
                    declaration = delta.declarations[named[name]]
                    figures = way == WHOLE and not isinstance(declaration, n.Charge)
                    for own_way in figures_of(declaration) if figures else [way]:
                        factors[name, own_way].append((contract, _factor(each.factor)))
    made = list(delta.declarations)
    for (name, way), claims in replaced.items():
        made[named[name]] = changed(made[named[name]], way, _narrowest(claims))
    _check_meeting(made, named, factors)
    for (name, way), several in factors.items():
        factor = _together(several)
        declaration = made[named[name]]
        if way == WHOLE:
            delta.factors[name] = factor
        else:
            made[named[name]] = changed(declaration, way, lambda node, factor=factor: times(node, factor))
    for name in dropped:
        if name not in listed:
            raise Refused(f"the list has no `{name}`")
        if isinstance(made[named[name]], n.Charge):
            delta.dropped.add(name)
    gone = {name for name in dropped if isinstance(made[named[name]], n.Pool)}
    for each in made:
        check_bounds(each)
    delta.absent |= gone
    less = (_drawing_less(each, gone) if isinstance(each, n.Deduct) else each for each in made)
    delta.declarations = (*less, *absent)
    return delta


def _name(declaration: n.Declaration) -> str | None:
    name = getattr(declaration, "name", None)
    return name.text if isinstance(name, n.Name) else None


def _read_by_meters(declarations: Declarations) -> set[str]:
    """The tables and formulas that meters read: how usage is measured is the list's."""
    from tests.reference.rules import walk

    pending: list[object] = [each for each in declarations if isinstance(each, n.Meter)]
    others = {_name(each): each for each in declarations if isinstance(each, (n.Table, n.Define))}
    found: set[str] = set()
    while pending:
        for each in walk(pending.pop()):
            name = each.table.text if isinstance(each, n.Lookup) else each.name.text if isinstance(each, n.Ref) else ""
            if name in others and name not in found:
                found.add(name)
                pending.append(others[name])
    return found


def _with_added(declarations: Declarations, contracts: Sequence[Contract]) -> Declarations:
    """With what contracts declare: a `deduct` of theirs in place of the list's for its meter."""
    added = [each for contract in contracts for each in contract.added]
    theirs = {_name(each) for each in added if isinstance(each, n.Deduct)}
    kept = [each for each in declarations if not (isinstance(each, n.Deduct) and _name(each) in theirs)]
    return (*kept, *added)


def _drawing_less(deduct: n.Deduct, gone: set[str]) -> n.Deduct:
    """A `deduct` without the quotas that are dropped."""
    ranks = [tuple(name for name in rank if name.text not in gone) for rank in deduct.ranks]
    return replace(deduct, ranks=tuple(rank for rank in ranks if rank))


def _is_in(part: n.Node, codes: list[str], own: str) -> bool:
    """Whether a replacement has an amount in a currency, or none in any."""
    from tests.reference.rules import walk

    said = {each.unit.text for each in walk(part) if isinstance(each, n.Quantity)} & set(codes)
    return not said or own in said


def _factor(written: n.Number | n.Percent) -> Fraction:
    return Fraction(written.value) / (100 if isinstance(written, n.Percent) else 1)


def _narrowest(claims: list[tuple[Contract, n.Node]]) -> n.Node:
    """Of several replacements of one figure that of the contract that is made for fewer."""
    least = min(contract.narrowness for contract, _ in claims)
    parts = [part for contract, part in claims if contract.narrowness == least]
    if len(parts) > 1:
        raise Refused("two replacements of one figure")
    return parts[0]


def _check_meeting(
    made: list[n.Declaration],
    named: dict[str | None, int],
    factors: dict[tuple[str, Way], list[tuple[Contract, Fraction]]],
) -> None:
    """Refuses factors that meet where a contract does not say how, or not all the same; those of a line
    and of a part of it only compound."""
    for (name, way), claims in factors.items():
        meeting = list(claims)
        if way != WHOLE and (name, WHOLE) in factors and is_priced(made[named[name]], way):
            meeting += factors[name, WHOLE]
        ways = {contract.way for contract, _ in meeting}
        if len(meeting) > 1 and (len(ways) > 1 or None in ways):
            raise Refused("factors that meet")
        if len(meeting) > len(claims) and ways != {"compound"}:
            raise Refused("a factor of a whole and of a part of it")


def _together(claims: list[tuple[Contract, Fraction]]) -> Fraction:
    """What factors on one figure come to."""
    factors = [factor for _, factor in claims]
    way = claims[0][0].way if len(factors) > 1 else "compound"
    if way == "add":
        together = 1 + sum((factor - 1 for factor in factors), Fraction(0))
        if together < 0:
            raise Refused("factors that take off more than the whole")
        return together
    if way == "largest":
        return min(factors)
    result = Fraction(1)
    for factor in factors:
        result *= factor
    return result
