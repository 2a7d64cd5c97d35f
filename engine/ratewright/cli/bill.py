"""`ratewright bill`: what an account owes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ratewright.cli.options import (
    RULES,
    USAGE,
    Command,
    contract_option,
    language_option,
    limit_options,
    output_option,
    period_options,
    rules_and_usage,
    shared_options,
)
from ratewright.cli.settings import Settings, stdout, width_for

if TYPE_CHECKING:
    from ratewright.rating.bill import Bill, Statement


@click.command("bill", cls=Command)
@rules_and_usage
@period_options
@contract_option
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@language_option
@output_option
@shared_options
@limit_options(RULES, USAGE)
@click.pass_obj
def command(
    settings: Settings,
    /,
    *,
    rules: str,
    usage: str,
    style: str,
    language: str,
    output: Path | None,
    **asked: Any,
) -> int:
    """Bill an account by a price list.

    RULES is a rule file, or a folder with the versions of one price list. USAGE is a file (YAML or JSON) that
    says what an account used and bought. One of the two may be - for standard input. Several months make a
    statement. JSON is one object, or an array where the file holds several accounts.

    \b
    Examples:
      ratewright bill prices.tariff acme.yaml --period 2026-03
      ratewright bill prices.tariff acme.yaml --from 2026-01 --to 2026-06 --format csv
      ratewright bill prices.tariff acme.yaml --format json -o bill.json
    """
    from ratewright.cli.accounts import Asked, results
    from ratewright.cli.endings import FINE, say_diagnostics
    from ratewright.cli.output import deliver, require_place
    from ratewright.reading import FilesRead

    require_place(output, (rules, usage, *asked["contract"]))
    files = FilesRead()
    rated, warnings = results(rules, usage, Asked(**asked), settings.limits, files)
    say_diagnostics(warnings, settings)
    match style:
        case "json":
            text = _json(rated)
        case "csv":
            text = _csv(rated)
        case _:
            text = _text(rated, language, settings, output)
    deliver(text, output, files=files)
    return FINE


def _text(rated: list[Bill | Statement], language: str, settings: Settings, output: Path | None) -> str:
    from ratewright.explain.render import render

    stream = stdout() if output is None else None
    color, width = settings.colors(stream), width_for(stream)
    return "\n".join(render(one, "text", "short", color=color, width=width, language=language) for one in rated)


def _json(rated: list[Bill | Statement]) -> str:
    from ratewright.cli.output import json_array
    from ratewright.report.bill_formats import bill_json

    return json_array([bill_json(one) for one in rated])


def _csv(rated: list[Bill | Statement]) -> str:
    """The lines of all accounts below one header."""
    from ratewright.report.bill_formats import bill_csv

    return bill_csv(*rated)
