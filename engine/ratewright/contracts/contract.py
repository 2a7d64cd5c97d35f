"""A contract's file: whose it is, of which list, from when until when."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from whenever import Date

from ratewright.checks.run import read_rules
from ratewright.contracts import codes
from ratewright.diagnostics import Diagnostic, Source, Span, errors_in
from ratewright.limits import DEFAULT, Limits
from ratewright.resolve.blocks import Block
from ratewright.resolve.findings import Report
from ratewright.resolve.header import effective_days
from ratewright.syntax import nodes as s
from ratewright.syntax.parser import parse_rules

_ADDED = (s.Charge, s.Pool, s.Table, s.Define, s.UnitDeclaration, s.Deduct, s.Example)
"""What a contract may declare. Settings, meters and limits are the list's: other versions would not know them."""


class Contract(Struct, frozen=True):
    """A contract that was read. `pinned` is the day of the version that it is kept on, `accounts` whose it is: empty
    for whoever names it. `[start, until)` are days of the list's timezone, None for no end. `added` are its own
    declarations, examples among them.
    """

    declaration: s.Contract
    source: Source
    list: s.Name
    pinned: Date | None
    accounts: tuple[str, ...]
    start: Date | None
    until: Date | None
    factors: s.Factors | None
    splits: bool
    added: tuple[s.Declaration, ...]

    @property
    def name(self) -> str:
        return self.declaration.name.text

    @property
    def title(self) -> str:
        title = self.declaration.title
        return title.text if title is not None else self.name.replace("_", " ")

    @property
    def span(self) -> Span:
        return self.declaration.name.span

    @property
    def width(self) -> int:
        """For how many it is made: the narrower holds, where two speak of one figure."""
        return min(len(self.accounts), 2) or 3

    def holds(self, day: Date | None) -> bool:
        """Whether it holds on a day; None is before all days that are named."""
        begun = self.start is None or (day is not None and self.start <= day)
        return begun and (self.until is None or day is None or day < self.until)

    def of(self, kind: type[s.Statement]) -> tuple[s.Statement, ...]:
        """Its statements of a kind, in their order."""
        return tuple(x for x in self.declaration.statements if isinstance(x, kind))


def read_contract(
    path: str | Path, limits: Limits = DEFAULT, name: str = ""
) -> tuple[Contract | None, list[Diagnostic]]:
    """The contract in a file, or what is wrong with it; `name` is what messages call the file."""
    source, problems = read_rules(path, limits)
    if source is None:
        return None, problems
    return contract_of(Source(name, source.text) if name else source, limits)


def contract_of(source: Source, limits: Limits = DEFAULT) -> tuple[Contract | None, list[Diagnostic]]:
    """The contract in a text, or what is wrong with it. Whether its list has what it speaks of is not asked here."""
    file, problems = parse_rules(source, limits)
    if errors_in(problems):
        return None, problems
    report = Report()
    found = _contract(file, source, report)
    return (None if report.diagnostics else found), [*problems, *report.diagnostics]


def _contract(file: s.File, source: Source, report: Report) -> Contract | None:
    contracts = [d for d in file.declarations if isinstance(d, s.Contract)]
    tariff = next((d for d in file.declarations if isinstance(d, s.Tariff)), None)
    if tariff is not None:
        report.error(
            codes.OTHER_LIST,
            f"the file has the price list `{tariff.name.text}`, and a contract is asked for",
            tariff.name.span,
            "a contract names its list: `contract acme { list photo_api }`, in a file of its own",
        )
    elif not contracts:
        help = "begin with `contract acme { list photo_api }`"
        report.error(codes.OTHER_LIST, "the file has no contract", Span(source, 0, 0), help)
    for again in contracts[1:]:
        first = (("the first", contracts[0].name.span),)
        report.error("R202", "a file has one contract", again.name.span, "put the other into its own file", first)
    if report.diagnostics:
        return None
    added = tuple(d for d in file.declarations if d is not contracts[0])
    for declaration in added:
        if not isinstance(declaration, _ADDED):
            report.error(
                codes.NOT_CHANGED,
                f"a contract adds no {declaration.word}: what is measured, set and limited is the list's",
                declaration.name.span,
                "let the list declare it",
            )
    block = Block(contracts[0], report)
    base = block.one(s.Base)
    if base is None:
        help = "write `list photo_api`: the name behind `tariff` in the list"
        report.error("R203", f"{block.name} names no list", block.declaration.name.span, help)
        return None
    pinned = base.day.moment if base.day is not None else None
    assert pinned is None or isinstance(pinned, Date)
    start, until = effective_days(block)
    holders, factors, splits = block.one(s.Holders), block.one(s.Factors), block.one(s.Splits)
    accounts = tuple(dict.fromkeys(name.text for name in holders.accounts)) if holders is not None else ()
    splitting = splits is not None
    return Contract(contracts[0], source, base.name, pinned, accounts, start, until, factors, splitting, added)
