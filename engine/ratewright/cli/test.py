"""`ratewright test`: whether price lists give the figures that their examples and fixtures expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ratewright.cli.options import RULES, USAGE, Command, contract_option, limit_options, shared_options
from ratewright.cli.settings import Settings, stdout

if TYPE_CHECKING:
    from ratewright.cli.trials import Run


@click.command("test", cls=Command)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print."
)
@contract_option
@click.option("--summary", is_flag=True, help="Print sums for each price list, and the rows that no example reaches.")
@shared_options
@limit_options(RULES, USAGE)
@click.pass_obj
def command(settings: Settings, paths: tuple[str, ...], style: str, summary: bool, contract: tuple[str, ...]) -> int:
    """Test price lists by their examples and fixtures.

    PATH is a rule file, a contract, a fixture (YAML or JSON, with `tariff` and `expect`), or a folder that is
    searched for all of them; the current folder without it. A fixture's price list is looked for in the rule files
    given, then in those that come with ratewright. Leaves with 1 if anything fails.

    \b
    Examples:
      ratewright test
      ratewright test prices.tariff
      ratewright test prices/ fixtures/acme.yaml --format json
      ratewright test prices/ --summary
    """
    from ratewright.cli.endings import FINDINGS, FINE
    from ratewright.cli.inputs import one_stdin
    from ratewright.cli.output import deliver
    from ratewright.cli.trials import run
    from ratewright.trial.results import Status

    one_stdin((*paths, *contract))
    done = run(paths or (".",), settings.limits, contract)
    deliver(_printed(done, settings, style, summary))
    wrong = any(trial.status in (Status.FAILED, Status.ERROR) for trial in done.trials)
    return FINDINGS if wrong else FINE


def _printed(done: Run, settings: Settings, style: str, summary: bool) -> str:
    from ratewright.cli.output import json_text
    from ratewright.cli.report import report
    from ratewright.cli.summary import summarized
    from ratewright.trial.results import trials_data
    from ratewright.trial.summary import summary_data

    if style == "json":
        return json_text(summary_data(done.summary()) if summary else trials_data(done.trials))
    color = settings.colors(stdout())
    return summarized(done.summary(), color) if summary else report(done.groups, settings, color)
