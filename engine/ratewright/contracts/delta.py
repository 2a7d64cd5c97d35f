"""Contracts applied to the tree of their list: what is replaced, scaled, dropped and added, and where that was said.

Replacements come before factors, in whatever order they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from ratewright.contracts import codes
from ratewright.contracts.claims import Claims, claims_of, new_figure
from ratewright.contracts.contract import Contract
from ratewright.contracts.factors import Scaled, together
from ratewright.contracts.figures import scaled, text_of
from ratewright.contracts.own_currency import Currency
from ratewright.contracts.places import Place, at, put
from ratewright.diagnostics import Span
from ratewright.meaning.nodes import Change, Operation
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.values.exact import Exact


class Delta(Struct):
    """A list's tree under contracts. `changes` are what was done; `marks` the places of what they put into the tree,
    each with all that was done there.

    `figures` is the tree of the list with the figures that hold, each where it stands in `listed`; `places` are those
    that differ. `factors` are those of whole lines, `dropped` the lines that are not charged, `gone` what else is not
    there, each with where that is said.
    """

    listed: s.File
    file: s.File
    figures: s.File
    changes: list[Change] = field(default_factory=list)
    marks: dict[Span, tuple[Change, ...]] = field(default_factory=dict)
    factors: dict[str, tuple[Exact, tuple[Change, ...]]] = field(default_factory=dict)
    dropped: dict[str, Change] = field(default_factory=dict)
    gone: dict[str, Change] = field(default_factory=dict)
    places: dict[Place, list[Change]] = field(default_factory=lambda: defaultdict(list))


def applied(
    file: s.File, contracts: Sequence[Contract], units: Sequence[str], currency: Currency, report: Report
) -> Delta:
    """The tree of a list without its examples, for accounts in a currency, under contracts that hold together. What
    does not fit is reported."""
    own = tuple(d for d in file.declarations if not isinstance(d, s.Example))
    listed = replace(file, declarations=own)
    claims = claims_of(listed, contracts, units, currency, report)
    if report.diagnostics:
        return Delta(listed, listed, listed)
    return _Work(listed, contracts, claims, currency, report).done()


_BESIDE = (s.Minimum, s.Reached)
"""What bounds a line, or picks its row, and is no part of its price."""


class _Work:
    """One application. `delta.file` is the tree so far; places are those of the list, which replacing never moves."""

    def __init__(
        self, file: s.File, contracts: Sequence[Contract], claims: Claims, currency: Currency, report: Report
    ) -> None:
        self._list = file
        self._contracts = contracts
        self._claims = claims
        self._currency = currency
        self._report = report
        self.delta = Delta(file, file, file)

    def done(self) -> Delta:
        for place, (contract, statement) in self._claims.chosen.items():
            if isinstance(statement, s.Replace):
                self._put(place, statement, contract)
        for place, scales in self._claims.parts.items():
            self._scale(place, scales)
        for name, scales in self._claims.lines.items():
            self._scale_line(name, scales)
        self.delta.figures = self.delta.file
        self._drop_and_add()
        return self.delta

    def _put(self, place: Place, statement: s.Replace, contract: Contract) -> None:
        self.delta.file = put(self.delta.file, place, new_figure(self._list, statement, place))
        change = self._change(Operation.REPLACED, contract, statement, place, self._currency.text(statement.part))
        self.delta.marks[statement.part.span] = (change,)

    def _scale(self, place: Place, scales: list[Scaled]) -> None:
        """The figure at a place, times what its factors come to."""
        line = at(self._list, place[:2]).name.text
        above = self._claims.lines.get(line, []) if self._is_priced(place) else []
        what = f"`{text_of(at(self._list, place))}`"
        if above:
            way = together([*above, *scales], what, self._report)
            if any(c.factors is not None and c.factors.way.text != "compound" for c, _ in (*above, *scales)) and way:
                self._report.error(
                    codes.FACTORS,
                    f"a factor of `{line}` and one of {what} only compound",
                    scales[0][1].span,
                    "write `factors compound`, or scale either the line or its rows",
                    (("the other", above[0][1].span),),
                )
        factor = together(scales, what, self._report)
        made = scaled(at(self.delta.file, place), factor, scales[-1][1].factor.span)
        if made is None:
            help = "let the factors come to fewer decimals: 18 at most can be written"
            self._report.error(codes.FACTORS, f"{what} has too many decimals, scaled so", scales[-1][1].span, help)
            return
        self.delta.file = put(self.delta.file, place, made)
        for contract, statement in scales:
            self._change(Operation.SCALED, contract, statement, place, text_of(statement.factor))
        self.delta.marks[made.span] = tuple(self.delta.places[place])

    def _is_priced(self, place: Place) -> bool:
        """Whether a figure is a part of what the price of its line comes to, which a factor of the line multiplies."""
        said = at(self._list, place[:4])
        return not isinstance(said, _BESIDE) and not (isinstance(said, s.Maximum) and said.block is None)

    def _scale_line(self, name: str, scales: list[Scaled]) -> None:
        factor = together(scales, f"`{name}`", self._report)
        changes = tuple(self._change(Operation.SCALED, c, x, None, text_of(x.factor)) for c, x in scales)
        self.delta.factors[name] = factor, changes

    def _drop_and_add(self) -> None:
        orders: dict[str, s.Deduct] = {}
        added: list[s.Declaration] = []
        for contract, statement in self._claims.chosen.values():
            match statement:
                case s.Drop():
                    self._drop(contract, statement)
                case s.Deduct():
                    orders[statement.name.text] = statement
                    self._change(Operation.ADDED, contract, statement, None, text_of(statement))
                case s.Declaration():
                    added.append(statement)
                    change = self._change(Operation.ADDED, contract, statement, None, text_of(statement))
                    self.delta.marks[statement.span] = (change,)
        kept = [orders.pop(d.name.text, d) if isinstance(d, s.Deduct) else d for d in self.delta.file.declarations]
        kept = [left for d in kept if (left := _without(d, self.delta.gone.keys())) is not None]
        examples = [d for contract in self._contracts for d in contract.added if isinstance(d, s.Example)]
        self.delta.file = replace(self.delta.file, declarations=(*kept, *added, *orders.values(), *examples))

    def _drop(self, contract: Contract, statement: s.Drop) -> None:
        """A line stays and costs nothing, so that the bill tells what the list asks; anything else is not there."""
        name = statement.name.text
        change = self._change(Operation.DROPPED, contract, statement, None, "")
        if any(isinstance(d, s.Charge) and d.name.text == name for d in self._list.declarations):
            self.delta.dropped[name] = change
        else:
            self.delta.gone[name] = change

    def _change(
        self, operation: Operation, contract: Contract, statement: s.Node, place: Place | None, after: str
    ) -> Change:
        """Note what was done, with the list's words and the contract's."""
        before = self._currency.text(at(self._list, place)) if place is not None else ""
        target = statement.target if isinstance(statement, s.Replace | s.Scale) else statement
        name = (
            target.name if isinstance(target, s.Target | s.Drop | s.Declaration) else contract.declaration.name
        ).text
        change = Change(operation, name, before, after, statement.span, contract.title)
        self.delta.changes.append(change)
        if place is not None:
            self.delta.places[place].append(change)
        return change


def _without(declaration: s.Declaration, gone: Collection[str]) -> s.Declaration | None:
    """The declaration without what is dropped: itself, or what it draws from."""
    if isinstance(declaration, s.Deduct):
        ranks = tuple(kept for rank in declaration.ranks if (kept := tuple(x for x in rank if x.text not in gone)))
        return replace(declaration, ranks=ranks) if ranks else None
    return declaration if isinstance(declaration, s.Tariff) or declaration.name.text not in gone else None
