"""A list under the contracts that hold together: resolved as if the contracts' words stood in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from ratewright.contracts import codes
from ratewright.contracts.contract import Contract
from ratewright.contracts.delta import Delta, applied
from ratewright.contracts.own_currency import Currency
from ratewright.contracts.places import at
from ratewright.diagnostics import Diagnostic, Source, Span, errors_in
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import expressions_in, kept, parts, places_of, said
from ratewright.plan.grains import unsound_grains
from ratewright.plan.plan import plan_of
from ratewright.refusal import RatingError
from ratewright.resolve.findings import Report
from ratewright.resolve.rule_file import resolve_in
from ratewright.syntax import nodes as s
from ratewright.syntax.parser import parse_rules


def under(listed: tree.Tariff, contracts: Sequence[Contract], limits: Limits = DEFAULT) -> tree.Tariff:
    """The list as it is under contracts, of which there may be none. Raises RatingError with all that does not fit."""
    if not contracts:
        return listed.in_each_currency(lambda own: replace(own, contract=tree.UnderContract(own)))
    titles = tuple(contract.title for contract in contracts)
    splits = listed.splits or any(contract.splits for contract in contracts)
    declared = tuple(each.span for contract in contracts for each in (contract.declaration, *contract.added))
    trees = []
    problems: dict[Diagnostic, None] = {}
    for own, delta in changed(listed, contracts, limits):
        made, wrong = _resolved(own, contracts, delta, listed.file)
        problems.update(dict.fromkeys(wrong))
        marks = tuple(delta.marks.items())
        lines = dict(_differences(own, made, delta))
        differing = tree.UnderContract(own, titles, tuple(delta.changes), lines, marks, declared)
        trees.append(replace(made, splits=splits, contract=differing))
    if problems:
        raise RatingError(problems)
    return replace(trees[0], others=tuple(trees[1:]))


def _resolved(
    listed: tree.Tariff, contracts: Sequence[Contract], delta: Delta, source: Source
) -> tuple[tree.Tariff, list[Diagnostic]]:
    """The tree for accounts in one of the list's currencies, and what is wrong with it."""
    made, problems = resolve_in(listed.currency, delta.file, source)
    errors = errors_in(problems) or errors_in(list(unsound_grains(plan_of(made))))
    if errors:
        return made, _told(errors, contracts, delta)
    return made, list(_measured_otherwise(listed, made, contracts, delta))


def changed(
    listed: tree.Tariff, contracts: Sequence[Contract], limits: Limits = DEFAULT
) -> list[tuple[tree.Tariff, Delta]]:
    """What the contracts change in the list's tree, for each of its currencies. Raises RatingError with all that does
    not fit."""
    report = Report()
    file, known = _syntax(listed, limits), frozenset(listed.currencies)
    deltas = [
        (own, applied(file, contracts, tuple(listed.units), Currency(own.currency, known), report))
        for own in listed.by_currency
    ]
    if report.diagnostics:
        raise RatingError(report.diagnostics)
    return deltas


def _syntax(listed: tree.Tariff, limits: Limits) -> s.File:
    return kept(listed, "syntax", lambda: parse_rules(listed.file, limits)[0])


def _told(problems: Sequence[Diagnostic], contracts: Sequence[Contract], delta: Delta) -> list[Diagnostic]:
    """Problems at a word of a contract; what it makes of the list's own words is told where it speaks of them, or at
    its name."""
    sources = {contract.source for contract in contracts}
    told = []
    for problem in problems:
        if problem.span is None or problem.span.source in sources:
            told.append(problem)
            continue
        message = f"under the contract `{contracts[0].name}`: {problem.message}"
        said = next((said for was, said in _spoken_of(delta) if _inside(problem.span, was)), contracts[0].span)
        words = (("the list's words", problem.span),) if problem.span.source.name != said.source.name else ()
        help = "keep what these words need, or replace them too"
        related = (*words, *problem.related)
        told.append(replace(problem, message=message, span=said, help=help, related=related))
    return told


def _spoken_of(delta: Delta) -> Iterator[tuple[Span, Span]]:
    """Where the figures that differ stand, as the contract makes them and in the list, and where it says so."""
    yield from ((mark, changes[-1].span) for mark, changes in delta.marks.items())
    yield from ((at(delta.listed, place).span, c.span) for place, changes in delta.places.items() for c in changes)


def _inside(span: Span, other: Span) -> bool:
    return span.source == other.source and other.start <= span.start and span.end <= other.end


def _measured_otherwise(
    listed: tree.Tariff, made: tree.Tariff, contracts: Sequence[Contract], delta: Delta
) -> Iterator[Diagnostic]:
    """What a contract says of a table or a formula that a meter reads: it would measure usage otherwise."""
    for name, meter in made.meters.items():
        if said(meter) == said(listed.meters[name]):
            continue
        read = [place for formula in expressions_in(meter) for part in parts(formula) for place in places_of(part)]
        change = next(
            (changes[-1] for mark, changes in delta.marks.items() if any(_inside(place, mark) for place in read)), None
        )
        what = f"`{change.name}` is read by the meter `{name}`" if change is not None else f"`{name}` is a meter"
        yield Diagnostic(
            codes.NOT_CHANGED,
            f"{what}: a contract does not change how usage is measured",
            change.span if change is not None else contracts[0].span,
            "another way of measuring is another price list",
            related=(("the meter", meter.span),),
        )


def _differences(listed: tree.Tariff, made: tree.Tariff, delta: Delta) -> Iterator[tuple[str, tree.Difference]]:
    """The lines that differ from the list's, each with what is said of it as a whole."""
    for name, charge in made.charges.items():
        by_list = listed.charges.get(name)
        factor, changes = delta.factors.get(name, (None, ()))
        drop = delta.dropped.get(name)
        if drop is not None:
            yield name, tree.Difference(by_list, None, (drop,), dropped=True)
        elif by_list is None or factor is not None or said(by_list) != said(charge):
            yield name, tree.Difference(by_list, factor, changes)
