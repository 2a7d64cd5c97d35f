"""From syntax tree to evaluation tree: the whole file."""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.syntax import nodes as s
from ratewright.tree import nodes as n
from ratewright.tree.charges import Declared, resolve_charge
from ratewright.tree.examples import resolve_example
from ratewright.tree.expressions import Expressions
from ratewright.tree.header import Header, resolve_header
from ratewright.tree.meters import resolve_meter, resolve_setting
from ratewright.tree.names import check_names
from ratewright.tree.order import check_order, resolve_deduction, resolve_limit
from ratewright.tree.pools import resolve_pool
from ratewright.tree.report import Report
from ratewright.tree.scope import NOTHING
from ratewright.values.exact import Exact
from ratewright.values.units import Unit, builtin_units, counted_unit, currency_unit

D = TypeVar("D", bound=s.Declaration)


def resolve(file: s.File, source: Source, broken: bool) -> tuple[n.Tariff | None, list[Diagnostic]]:
    """The evaluation tree of a rule file, and what is wrong with it.

    `broken` says that some declarations could not be read: what they would have declared is then not
    reported as missing. The tree is None if there is no tariff block to hold it.
    """
    report = Report()
    header = _header(file, source, report, broken)
    if header is None:
        return None, report.diagnostics
    tariff = _Resolver(file, header, source, report, broken).tariff()
    return tariff, report.diagnostics


def _of(file: s.File, kind: type[D]) -> list[D]:
    return [d for d in file.declarations if isinstance(d, kind)]


def _header(file: s.File, source: Source, report: Report, broken: bool) -> Header | None:
    tariffs = _of(file, s.Tariff)
    for again in tariffs[1:]:
        report.error("R202", "a file has one tariff", again.name.span, "", (("the first", tariffs[0].span),))
    if not tariffs:
        if not broken:
            report.error(
                "R203",
                "the file has no tariff",
                Span(source, 0, 0),
                'begin with `tariff my_prices "My prices" { currency USD; timezone "UTC" }`',
            )
        return None
    return resolve_header(tariffs[0], report)


class _Resolver:
    """Resolves the declarations in the order in which they need each other."""

    def __init__(self, file: s.File, header: Header, source: Source, report: Report, broken: bool) -> None:
        self.file = file
        self.header = header
        self.source = source
        self.report = report
        self.broken = broken
        self.units: dict[str, Unit] = dict(builtin_units(header.bytes_by))
        self.units[header.currency] = currency_unit(header.currency)
        self.expressions = Expressions(report, self.units, header.calendar)

    def tariff(self) -> n.Tariff:
        check_names(self.file.declarations, builtin_units(self.header.bytes_by), self.report)
        self._units()
        expressions, report, currency = self.expressions, self.report, self.header.currency
        settings = {d.name.text: resolve_setting(d, expressions) for d in _of(self.file, s.Setting)}
        meters = {
            meter.name: meter
            for d in _of(self.file, s.Meter)
            if (meter := resolve_meter(d, expressions, settings)) is not None
        }
        lost = self.broken or len(meters) < len(_of(self.file, s.Meter))
        pools = {d.name.text: resolve_pool(d, expressions, meters, settings, currency) for d in _of(self.file, s.Pool)}
        declared = Declared(meters, settings, tuple(d.name.text for d in _of(self.file, s.Charge)), currency)
        charges = {
            charge.name: charge
            for d in _of(self.file, s.Charge)
            if (charge := resolve_charge(d, expressions, declared)) is not None
        }
        lost = lost or len(charges) < len(_of(self.file, s.Charge))
        deductions = self._deductions(meters, pools, charges)
        if not lost:
            check_order(deductions, pools, charges, report)
        self._check_circles(charges)
        limits = {
            limit.name: limit
            for d in _of(self.file, s.LimitDeclaration)
            if (limit := resolve_limit(d, expressions, meters, currency)) is not None
        }
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
        )
        if lost:
            return made
        examples = tuple(resolve_example(d, made, expressions) for d in _of(self.file, s.Example))
        return replace(made, examples=examples)

    def _units(self) -> None:
        for declaration in _of(self.file, s.UnitDeclaration):
            name = declaration.name.text
            if name in self.units:
                continue  # reported with the names
            if declaration.formula is not None:
                made = self.expressions.resolve(declaration.formula, NOTHING)
                if isinstance(made, n.Constant) and isinstance(made.value, Exact) and made.value > 0:
                    self.units[name] = Unit(name, name, made.value, made.type.dimension)
                continue
            plural = declaration.plural.text if declaration.plural else name
            unit = counted_unit(name, plural)
            self.units[name] = unit
            self.units.setdefault(plural, unit)

    def _deductions(
        self, meters: dict[str, n.Meter], pools: dict[str, n.Pool], charges: dict[str, n.Charge]
    ) -> dict[str, n.Deduction]:
        found: dict[str, n.Deduction] = {}
        for declaration in _of(self.file, s.Deduct):
            if self.broken:
                continue
            deduction = resolve_deduction(declaration, meters, pools, charges, self.report)
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
        return found

    def _check_circles(self, charges: dict[str, n.Charge]) -> None:
        done: set[str] = set()
        for name in charges:
            path: list[str] = []
            self._visit(name, charges, path, done)

    def _visit(self, name: str, charges: dict[str, n.Charge], path: list[str], done: set[str]) -> None:
        if name in done or name not in charges:
            return
        if name in path:
            circle = [*path[path.index(name) :], name]
            self.report.error(
                "R215",
                f"charges refer to each other in a circle: {' > '.join(circle)}",
                charges[name].span,
                "let one of them not depend on the other",
            )
            done.update(circle)
            return
        path.append(name)
        for need in charges[name].needs:
            self._visit(need, charges, path, done)
        path.pop()
        done.add(name)
