"""`ratewright test`: whether price lists give the figures that their examples and fixtures expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ratewright.cli.options import RULES, USAGE, Command, limit_options, shared_options
from ratewright.cli.settings import Settings, stdout

if TYPE_CHECKING:
    from ratewright.cli.collect import RuleFile, Tariffs
    from ratewright.diagnostics import Diagnostic
    from ratewright.limits import Limits
    from ratewright.trial.results import Trial
    from ratewright.usage.model import Usage


@click.command("test", cls=Command)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print."
)
@click.option("--summary", is_flag=True, help="Print only the last line.")
@shared_options
@limit_options(RULES, USAGE)
@click.pass_obj
def command(settings: Settings, paths: tuple[str, ...], style: str, summary: bool) -> int:
    """Test price lists by their examples and fixtures.

    PATH is a rule file, a fixture (YAML or JSON, with `tariff` and `expect`), or a folder that is searched
    for both; the current folder without it. A fixture's price list is looked for in the rule files
    given, then in those that come with ratewright. Leaves with 1 if anything fails.

    \b
    Examples:
      ratewright test
      ratewright test prices.tariff
      ratewright test prices/ fixtures/acme.yaml --format json
    """
    from ratewright.cli.collect import Tariffs, collect
    from ratewright.cli.endings import FINDINGS, FINE
    from ratewright.cli.inputs import one_stdin
    from ratewright.cli.output import deliver, json_text
    from ratewright.cli.report import report
    from ratewright.trial.results import Status, trials_data

    one_stdin(paths)
    found = collect(paths or (".",), settings.limits)
    tariffs = Tariffs(found.rules, settings.limits)
    groups = [(file.path, _examples(file, settings.limits)) for file in found.rules]
    groups += [(path, _fixture(path, tariffs, settings.limits)) for path in found.fixtures]
    trials = [trial for _, some in groups for trial in some]
    if style == "json":
        deliver(json_text(trials_data(trials)))
    else:
        deliver(report(groups, settings, settings.colors(stdout()), summary))
    wrong = any(trial.status in (Status.FAILED, Status.ERROR) for trial in trials)
    return FINDINGS if wrong else FINE


def _examples(file: RuleFile, limits: Limits) -> list[Trial]:
    from ratewright.trial.examples import run_examples

    if file.tariff is None:
        return [_error(file.path, "the rule file does not load", file.problems)]
    return run_examples(file.tariff, limits)


def _fixture(path: str, tariffs: Tariffs, limits: Limits) -> list[Trial]:
    from ratewright.diagnostics import errors_in
    from ratewright.usage import read_all

    accounts, problems = read_all(path, limits=limits)
    if errors_in(problems):
        return [_error(path, "the fixture does not load", problems)]
    return [_account(usage, tariffs, limits) for usage in accounts]


def _account(usage: Usage, tariffs: Tariffs, limits: Limits) -> Trial:
    from ratewright.cli import codes
    from ratewright.diagnostics import Diagnostic
    from ratewright.trial.fixtures import run_fixture

    if not usage.tariff:
        help = "add `tariff: ` and the name that stands behind `tariff` in the rule file"
        missing = Diagnostic(codes.NO_TARIFF, "the fixture does not say which price list it tests", help=help)
        return _refused(usage, missing)
    if not usage.expectations:
        help = "add `expect:` with `- {period: 2026-03, total: 10 USD}`"
        return _refused(usage, Diagnostic(codes.NOTHING_EXPECTED, "the fixture expects nothing", help=help))
    tariff = tariffs.named(usage.tariff, usage.source.name)
    if isinstance(tariff, Diagnostic):
        return _refused(usage, tariff)
    return run_fixture(tariff, usage, limits)


def _refused(usage: Usage, problem: Diagnostic) -> Trial:
    """The fixture as an error at the line that names its price list, or its account."""
    import re

    from ratewright.diagnostics import Diagnostic, line_span

    source = usage.source
    words = [("tariff", usage.tariff), ("account", usage.account)]
    patterns = [rf"^[^#\n]*\b{key}\b\W*:.*{re.escape(value)}" for key, value in words if value]
    found = next((m for p in patterns if (m := re.search(p, source.text, re.MULTILINE))), None)
    span = line_span(source, source.line_of(found.start()) if found else 1)
    return _error(source.name, usage.account, [Diagnostic(problem.code, problem.message, span, problem.help)])


def _error(path: str, name: str, problems: Sequence[Diagnostic]) -> Trial:
    from ratewright.trial.results import Status, Trial

    line = next((d.span.line for d in problems if d.span), 1)
    return Trial(path, line, name, Status.ERROR, (), (), tuple(problems))
