"""From syntax tree to evaluation tree: the whole file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from msgspec.structs import replace

from ratewright.diagnostics import Diagnostic, Source, Span, errors_in
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as n
from ratewright.meaning.dependencies import in_order_of_need, line_graph, name_of
from ratewright.meaning.types import UNKNOWN, Kind
from ratewright.resolve.charges import resolve_charge
from ratewright.resolve.concurrency_limits import resolve_limit
from ratewright.resolve.corrected_meters import check_corrected
from ratewright.resolve.deductions import check_order, resolve_deduction
from ratewright.resolve.examples import currency_of, resolve_example
from ratewright.resolve.findings import Report
from ratewright.resolve.header import Header, resolve_header
from ratewright.resolve.included_taxes import check_included
from ratewright.resolve.line_checks import check_readings
from ratewright.resolve.line_keys import check_keys
from ratewright.resolve.line_periods import check_maximums, check_periods, with_periods
from ratewright.resolve.line_scope import Declared
from ratewright.resolve.line_turns import check_turns
from ratewright.resolve.meters import resolve_meter
from ratewright.resolve.name_space import check_names
from ratewright.resolve.pools import measured_names, resolve_pool
from ratewright.resolve.scope import NOTHING, Maker
from ratewright.resolve.settings import resolve_setting, setting_names
from ratewright.resolve.spread_discounts import check_spread
from ratewright.resolve.tables import Table
from ratewright.resolve.titles import resolve_titles
from ratewright.resolve.typed_expressions import Expressions
from ratewright.resolve.uses import uses_of
from ratewright.resolve.windows import check_windows
from ratewright.syntax import nodes as s
from ratewright.values.units import Unit, builtin_units, counted_unit, currency_unit

D = TypeVar("D", bound=s.Declaration)


def resolve(file: s.File, source: Source, broken: bool) -> tuple[n.Tariff | None, list[Diagnostic]]:
    """The evaluation tree of a rule file, and what is wrong with it.

    `broken` says that some declarations could not be read: what they would have declared is then not
    reported as missing. The tree is None if there is no tariff block to hold it. A file in several currencies is
    resolved in each, so that no tree knows more than one; what is wrong in all of them is said once.
    """
    report = _report(file)
    header = _header(file, source, report, broken)
    if header is None:
        return None, report.diagnostics
    tariff = _Resolver(file, header, source, report, broken).tariff()
    others = header.currencies[1:] if not errors_in(report.diagnostics) else ()
    return replace(tariff, others=tuple(_in(code, file, source, report) for code in others)), report.diagnostics


def resolve_in(currency: str, file: s.File, source: Source) -> tuple[n.Tariff, list[Diagnostic]]:
    """The tree of a file with a tariff block in one of its currencies, and what is wrong with it."""
    report = _report(file)
    return _in(currency, file, source, report), report.diagnostics


def _in(currency: str, file: s.File, source: Source, report: Report) -> n.Tariff:
    """The tree of a file in another of its currencies."""
    header = resolve_header(_of(file, s.Tariff)[0], report, currency)
    return _Resolver(file, header, source, report, broken=False).tariff()


def _report(file: s.File) -> Report:
    named = [d for d in file.declarations if not isinstance(d, s.Deduct | s.Tariff | s.Example)]
    return Report(file.lost, {d.name.text: d.word for d in reversed(named)})


def _of(file: s.File, kind: type[D]) -> list[D]:
    return [d for d in file.declarations if isinstance(d, kind)]


def _header(file: s.File, source: Source, report: Report, broken: bool) -> Header | None:
    tariffs = _of(file, s.Tariff)
    for contract in _of(file, s.Contract):
        report.error(
            "R203",
            f"the file has the contract `{contract.name.text}`, and a price list is asked for",
            contract.name.span,
            "a contract stands in a file of its own, named beside its list: `--contract acme.contract`",
        )
    for again in tariffs[1:]:
        report.error(
            "R202",
            "a file has one tariff",
            again.name.span,
            "keep one; another price list is another file",
            (("the first", tariffs[0].span),),
        )
    if not tariffs:
        if not broken and not _of(file, s.Contract):
            report.error(
                "R203",
                "the file has no tariff",
                Span(source, 0, 0),
                'begin with `tariff my_prices "My prices" { currency USD; timezone "UTC" }`',
            )
        return None
    return resolve_header(tariffs[0], report)


def _names_in(node: s.Expression) -> Iterator[str]:
    """The names that the formula of a unit uses."""
    match node:
        case s.Ref(name=name) | s.Quantity(unit=name):
            yield name.text
        case s.Sum(terms=pairs) | s.Product(factors=pairs):
            for _, part in pairs:
                yield from _names_in(part)
        case s.Group(inner=part) | s.Negative(operand=part) | s.PercentOf(operand=part):
            yield from _names_in(part)


class _Resolver:
    """Resolves the declarations in the order in which they need each other."""

    def __init__(self, file: s.File, header: Header, source: Source, report: Report, broken: bool) -> None:
        self.file = file
        self.header = header
        self.source = source
        self.report = report
        self.broken = broken
        self.units: dict[str, Unit] = dict(builtin_units(header.bytes_by))
        self.currencies = tuple(dict.fromkeys((header.currency, *header.currencies)))  # the own one first
        self.units.update((code, currency_unit(code)) for code in self.currencies)
        if len(self.currencies) > 1:
            self.units["currency"] = self.units[header.currency]
        self.expressions = Expressions(report, self.units, header.calendar, self.currencies)

    def tariff(self) -> n.Tariff:
        check_names(self.file.declarations, self.units, self.report)
        self._units()
        expressions, report, currency = self.expressions, self.report, self.header.currency
        settings = {d.name.text: resolve_setting(d, expressions) for d in _of(self.file, s.Setting)}
        makers = setting_names(settings, currency, self.header.currencies)
        expressions.settings.update(makers)
        for define in _of(self.file, s.Define):
            expressions.named.defines.setdefault(define.name.text, define)
        for table in _of(self.file, s.Table):
            expressions.tables.setdefault(table.name.text, Table(table, expressions))
        meters = self._meters(makers)
        lost = self._lose(meters, s.Meter) or self.broken
        measured = measured_names(meters)
        pools = {d.name.text: resolve_pool(d, expressions, meters, measured, currency) for d in _of(self.file, s.Pool)}
        names = tuple(d.name.text for d in _of(self.file, s.Charge))
        declared = Declared(meters, makers, names, currency, self.header.currencies)
        charges = {
            charge.name: charge
            for d in _of(self.file, s.Charge)
            if (charge := resolve_charge(d, expressions, declared)) is not None
        }
        lost = self._lose(charges, s.Charge) or lost
        charges = with_periods(charges)
        deductions, faulty = self._deductions(meters, pools, charges)
        if not lost and not faulty:
            check_order(deductions, pools, charges, report)
        self._check_circles(charges)
        check_keys(charges, meters, report)
        check_windows(charges, meters, report)
        check_spread(charges, report)
        check_included(charges, report)
        limits = {
            limit.name: limit
            for d in _of(self.file, s.LimitDeclaration)
            if (limit := resolve_limit(d, expressions, meters, currency)) is not None
        }
        if not lost and not faulty:
            check_corrected(meters, pools, charges, deductions, limits, report)
        header = self.header
        made = n.Tariff(
            header.span,
            header.name,
            header.title,
            currency,
            header.calendar.timezone,
            header.effective,
            header.until,
            header.source_text,
            header.rounding,
            header.bytes_by,
            self.units,
            settings,
            meters,
            pools,
            charges,
            deductions,
            limits,
            (),
            self.source,
            header.cite,
            header.splits,
            tuple(line.span for t in expressions.tables.values() if t.layout is not None for line in t.layout.lines),
            currencies=header.currencies,
            titles=resolve_titles(self.file, report),
            declared=tuple(declaration.span for declaration in self.file.declarations),
        )
        if lost:
            return made
        own = [d for d in _of(self.file, s.Example) if currency_of(d, made, report) == currency]
        examples = tuple(resolve_example(d, made, expressions.of_data()) for d in own)
        return replace(made, examples=examples, uses=uses_of(self.file, expressions))

    def _meters(self, settings: Mapping[str, Maker]) -> dict[str, n.Meter]:
        """The meters, each behind the one whose records it reads; in the order of the file."""
        declared = _of(self.file, s.Meter)
        made: dict[str, n.Meter] = {}
        readers = [any(isinstance(x, s.Reads) for x in d.statements) for d in declared]
        for reads in (False, True):
            for declaration in (d for d, reader in zip(declared, readers, strict=True) if reader is reads):
                meter = resolve_meter(declaration, self.expressions, settings, made)
                if meter is not None:
                    made.setdefault(meter.name, meter)
        return {d.name.text: made[d.name.text] for d in declared if d.name.text in made}

    def _units(self) -> None:
        """Declare the counted units, then those made of others, each behind the ones that it needs."""
        made_of = {}
        for declaration in _of(self.file, s.UnitDeclaration):
            name = declaration.name.text
            if name in self.units or name in made_of:
                continue  # reported with the names
            if declaration.formula is not None:
                made_of[name] = declaration
                continue
            plural = declaration.plural.text if declaration.plural else name
            unit = counted_unit(name, plural)
            self.units[name] = unit
            self.units.setdefault(plural, unit)
        needs = {name: tuple(_names_in(d.formula)) for name, d in made_of.items() if d.formula is not None}
        order, circles = in_order_of_need(needs)
        for circle in circles:
            self.report.error(
                "R215",
                f"units are made of each other in a circle: {' > '.join(circle)}",
                made_of[circle[0]].name.span,
                "make one of them of units that are there",
            )
            self.report.lost.update(circle)
        for name in order:
            if name not in self.report.lost:
                self._made_unit(made_of[name])

    def _made_unit(self, declaration: s.UnitDeclaration) -> None:
        name, formula = declaration.name.text, declaration.formula
        assert formula is not None
        made = self.expressions.resolve(formula, NOTHING)
        if isinstance(made, n.Constant) and made.type.kind is Kind.FIGURE and made.value > 0:  # type: ignore[operator]
            if made.value.numerator.bit_length() <= DEFAULT.ratio_bits:  # type: ignore[union-attr]
                self.units[name] = Unit(name, name, made.value, made.type.dimension)  # type: ignore[arg-type]
                return
            self.report.error(
                "R105",
                f"`{name}` holds more than {DEFAULT.ratio_bits:,} bits of the units it is made of",
                formula.span,
                "make it of smaller units",
            )
            made = n.Constant(made.span, UNKNOWN, 0)
        self.report.lost.add(name)
        if isinstance(made, n.NoPrice):
            self.report.error(
                "R205",
                f"a unit is the same for all accounts, and `{formula.span.text}` is not in {made.currency}",
                formula.span,
                "make it of `currency`, the account's: `unit credit = 0.01 currency`",
            )
            return
        if made.type.kind is not Kind.UNKNOWN:
            self.report.error(
                "R219",
                f"a unit is made of units, and `{formula.span.text}` is no amount above 0",
                formula.span,
                "write what one of it is: `unit GBs = GB * second`, `unit dozen = 12 pics`",
            )

    def _lose(self, found: Mapping[str, object], kind: type[s.Declaration]) -> bool:
        """Note the declarations of a kind that came to nothing; what is wrong with them was said."""
        lost = {d.name.text for d in _of(self.file, kind)} - found.keys()
        self.report.lost |= lost
        return bool(lost)

    def _deductions(
        self, meters: dict[str, n.Meter], pools: dict[str, n.Pool], charges: dict[str, n.Charge]
    ) -> tuple[dict[str, n.Deduction], bool]:
        """The orders by meter, and whether something is wrong with one of them."""
        before = len(self.report.diagnostics)
        found: dict[str, n.Deduction] = {}
        for declaration in _of(self.file, s.Deduct):
            if self.broken:
                continue
            deduction = resolve_deduction(declaration, meters, pools, charges, self.expressions)
            if deduction is None:
                continue
            if deduction.meter in found:
                self.report.error(
                    "R202",
                    f"`{deduction.meter}` has two orders",
                    declaration.name.span,
                    "keep one `deduct` for each meter",
                    (("the first", found[deduction.meter].span),),
                )
            found.setdefault(deduction.meter, deduction)
        return found, len(self.report.diagnostics) > before

    def _check_circles(self, charges: Mapping[str, n.Charge]) -> None:
        graph = line_graph(charges)
        _, circles = in_order_of_need(graph)
        for circle in circles:
            first = next(at for at, node in enumerate(circle) if node in charges)
            turned = [*circle[first:-1], *circle[:first], circle[first]]
            self.report.error(
                "R215",
                f"lines refer to each other in a circle: {' > '.join(name_of(node) for node in turned)}",
                charges[turned[0]].span,
                "let one of them not depend on the other",
            )
        if self.report.lost.isdisjoint(d.name.text for d in _of(self.file, s.Charge)):
            check_readings(charges, self.report)
        check_periods(charges, self.report)
        check_turns(charges, self.report)
        check_maximums(charges, self.report)
