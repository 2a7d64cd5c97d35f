"""`ratewright check`: what is wrong with rule files, and what their authors may want to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from ratewright.cli.options import RULES, Command, contract_option, limit_options, shared_options
from ratewright.cli.settings import Settings, stdout
from ratewright.diagnostics import Diagnostic, Severity, errors_in

if TYPE_CHECKING:
    from ratewright.cli.agreed_values import Holding
    from ratewright.meaning.nodes import Tariff


@click.command("check", cls=Command)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print."
)
@contract_option
@click.option("--effective", is_flag=True, help="Print each figure under the contracts, and where it comes from.")
@click.option("--strict", is_flag=True, help="Let warnings count as findings too.")
@shared_options
@limit_options(RULES)
@click.pass_obj
def command(
    settings: Settings, paths: tuple[str, ...], style: str, strict: bool, contract: tuple[str, ...], effective: bool
) -> int:
    """Check rule files for mistakes, and contracts against their list.

    PATH is a rule file, a folder that is searched for *.tariff, or - for standard input. Leaves with 1 if
    there is an error, with 2 if a path cannot be read.

    \b
    Examples:
      ratewright check prices.tariff
      ratewright check prices/ --format json
      cat prices.tariff | ratewright check -
      ratewright check prices.tariff --contract acme.contract --effective
    """
    from ratewright.checks.run import check
    from ratewright.cli.endings import FINDINGS, FINE
    from ratewright.cli.inputs import one_stdin, rule_files, rules_text
    from ratewright.cli.output import deliver

    if effective and not contract:
        raise click.UsageError("--effective prints what holds under contracts: name them by --contract")
    one_stdin((*paths, *contract))
    files = rule_files(paths, "check")
    diagnostics: list[Diagnostic] = []
    versions: dict[tuple[str, str], list[Tariff]] = defaultdict(list)
    for path in files:
        source, problems = rules_text(path, settings.limits)
        tariff, found = (None, problems) if source is None else check(source, settings.limits)
        diagnostics += found
        if tariff is not None:
            versions[str(PurePath(path).parent), tariff.name].append(tariff)
    for of_one in versions.values():
        diagnostics += _meeting(of_one)
    lists: list[Holding] = []
    if contract:
        lists, found = _beside(contract, versions.values(), settings, broken=bool(errors_in(diagnostics)))
        diagnostics += found
    errors, warnings = (_count(diagnostics, s) for s in (Severity.ERROR, Severity.WARNING))
    if style == "json":
        deliver(_json(diagnostics, len(files), lists if effective else None, settings))
    else:
        shown = _tables(lists) if effective else []
        deliver("\n".join([*shown, _text(diagnostics, len(files) + len(contract), settings)]))
    return FINDINGS if errors or (strict and warnings) else FINE


def _beside(
    paths: tuple[str, ...], lists: Iterable[list[Tariff]], settings: Settings, *, broken: bool
) -> tuple[list[Holding], list[Diagnostic]]:
    """What holds under contracts, and what is wrong with them, beside lists that are not `broken`."""
    from ratewright.cli.agreed_values import against
    from ratewright.cli.inputs import contracts_in

    contracts, problems = contracts_in(paths, settings.limits)
    found, others = against(contracts, lists) if contracts and not broken else ([], [])
    return found, [*problems, *others]


def _tables(lists: list[Holding]) -> list[str]:
    from ratewright.cli.agreed_values import effective_text

    return [effective_text(one) for one in lists]


def _meeting(versions: list[Tariff]) -> Sequence[Diagnostic]:
    """What is wrong with where the versions of one price list meet: lists of one name in one folder."""
    if len(versions) == 1:
        return ()
    from ratewright.rating.versions import in_order, switches
    from ratewright.refusal import RatingError

    try:
        switches(in_order(versions))
    except RatingError as error:
        return error.diagnostics
    return ()


def _count(diagnostics: Sequence[Diagnostic], severity: Severity) -> int:
    return sum(d.severity is severity for d in diagnostics)


def _summary(diagnostics: Sequence[Diagnostic], files: int) -> dict[str, int]:
    return {
        "files": files,
        **{f"{severity.value}s": _count(diagnostics, severity) for severity in Severity},
    }


def _text(diagnostics: list[Diagnostic], files: int, settings: Settings) -> str:
    from ratewright.cli.endings import drawn
    from ratewright.cli.words import counted

    summary = _summary(diagnostics, files)
    words = [counted(summary[f"{name}s"], name) for name in ("file", "error", "warning")]
    if summary["notes"]:
        words.append(counted(summary["notes"], "note"))
    blocks = drawn(diagnostics, settings, settings.colors(stdout()))
    return "\n\n".join([*blocks, ", ".join(words)]) + "\n"


def _json(diagnostics: list[Diagnostic], files: int, lists: list[Holding] | None, settings: Settings) -> str:
    from ratewright.cli.agreed_values import effective_data
    from ratewright.cli.output import json_text
    from ratewright.diagnostics import as_data

    shown = diagnostics[: settings.limits.diagnostics]
    data: dict[str, Any] = {
        "schema": "ratewright/check/1",
        "diagnostics": [as_data(d) for d in shown],
        "left_out": len(diagnostics) - len(shown),
        "summary": _summary(diagnostics, files),
        **({} if lists is None else {"effective": [effective_data(one) for one in lists]}),
    }
    return json_text(data)
