"""From the text of a rule file to its tree, with everything there is to say about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from ratewright.checks.cliffs import falling_bills
from ratewright.checks.missing_prices import missing_prices
from ratewright.checks.missing_rows import missing_rows
from ratewright.checks.odd_figures import commas_for_points, flat_rates, points_for_commas
from ratewright.checks.split_periods import billed_in_both_parts
from ratewright.checks.tax_on_tax import tax_on_tax
from ratewright.checks.taxed_twice import taxed_twice
from ratewright.checks.unreached_rows import unreached_rows, unused_names
from ratewright.checks.untranslated import untranslated
from ratewright.checks.unused import unused_declarations
from ratewright.checks.windows_by_clock import windows_by_clock
from ratewright.diagnostics import Diagnostic, Source, errors_in, in_order
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.plan.grains import unsound_grains
from ratewright.plan.plan import plan_of
from ratewright.reading import read_regular
from ratewright.resolve.rule_file import resolve
from ratewright.syntax.parser import parse_rules

Check = Callable[[tree.Tariff], Iterable[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    falling_bills,
    unused_declarations,
    unused_names,
    unreached_rows,
    missing_rows,
    missing_prices,
    points_for_commas,
    commas_for_points,
    flat_rates,
    billed_in_both_parts,
    taxed_twice,
    windows_by_clock,
    tax_on_tax,
    untranslated,
)
"""The checks, in the order in which they run."""


def check(source: Source, limits: Limits = DEFAULT) -> tuple[tree.Tariff | None, list[Diagnostic]]:
    """Read, resolve and check a rule file.

    Returns the tree, or None where there are errors, and all diagnostics in the order of the text.
    """
    file, problems = parse_rules(source, limits)
    tariff, unresolved = resolve(file, source, broken=file.broken)
    problems = [*problems, *unresolved]
    if tariff is None or errors_in(problems):
        return None, in_order(problems)
    unsound = _once(d for own in tariff.by_currency for d in unsound_grains(plan_of(own)))
    if unsound:
        return None, in_order([*problems, *unsound])
    return tariff, in_order([*problems, *_once(d for own in tariff.by_currency for one in CHECKS for d in one(own))])


def _once(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What is found in the list of each currency, once where all say the same."""
    return list(dict.fromkeys(found))


def read_rules(path: str | Path, limits: Limits = DEFAULT) -> tuple[Source | None, list[Diagnostic]]:
    """The text of a rule file, or why it cannot be read."""
    name = str(path)
    try:
        data = read_regular(path, limits.rule_file_bytes)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return None, [Diagnostic("R107", f"cannot read `{name}`: {reason.lower()}", file=name, help="check the path")]
    return decode_rules(data, name, limits)


def decode_rules(data: bytes, name: str, limits: Limits = DEFAULT) -> tuple[Source | None, list[Diagnostic]]:
    """The text in the bytes of a rule file, or why there is none."""
    if len(data) > limits.rule_file_bytes:
        return None, [
            Diagnostic(
                "R105",
                f"the rule file has more than {limits.rule_file_bytes:,} bytes, the limit",
                file=name,
                help="raise it with --max-rule-bytes, or split the price list into files",
            )
        ]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [
            Diagnostic("R107", f"line {line} of `{name}` is not UTF-8", file=name, help="save the file as UTF-8")
        ]
    return Source(name, text.removeprefix("\ufeff")), []
