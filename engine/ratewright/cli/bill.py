"""`ratewright bill`: what an account owes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ratewright.cli.options import (
    LOGO,
    RULES,
    USAGE,
    Command,
    brand_options,
    contract_option,
    language_option,
    limit_options,
    output_dir_option,
    output_option,
    period_options,
    rules_and_usage,
    shared_options,
)
from ratewright.cli.settings import Settings

if TYPE_CHECKING:
    from ratewright.cli.explanations import Form
    from ratewright.rating.bill import Bill, Statement


@click.command("bill", cls=Command)
@rules_and_usage
@period_options
@contract_option
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "csv", "pdf"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@brand_options
@language_option
@output_option
@output_dir_option
@shared_options
@limit_options(RULES, USAGE, LOGO)
@click.pass_obj
def command(
    settings: Settings,
    /,
    *,
    rules: str,
    usage: str,
    style: str,
    output: Path | None,
    output_dir: Path | None,
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
      ratewright bill prices.tariff everybody.yaml --format csv --output-dir bills
    """
    from ratewright.cli.accounts import Asked, results
    from ratewright.cli.endings import FINE, say_diagnostics
    from ratewright.cli.explanations import ENDINGS, Form, brand_of
    from ratewright.cli.output import deliver, require_no_terminal, require_place
    from ratewright.cli.output_folder import deliver_each, require_folder
    from ratewright.reading import FilesRead

    looks = {name: asked.pop(name) for name in ("style_file", "logo_file")}
    require_folder(output_dir, output)
    own = [str(path) for path in looks.values() if path is not None]
    require_place(output, (rules, usage, *asked["contract"], *own))
    if style == "pdf" and output_dir is None:
        require_no_terminal(output)
    files = FilesRead()
    brand = brand_of(**looks, style=style, limits=settings.limits, files=files)
    form = Form(style, None, "short", brand, asked.pop("language"), settings, files)
    rated, warnings = results(rules, usage, Asked(**asked), settings.limits, files)
    if output_dir is not None:
        made = [(one.account, _printed([one], form, None)) for one in rated]
        say_diagnostics(warnings, settings)
        deliver_each(made, output_dir, ENDINGS[style], files)
        return FINE
    say_diagnostics(warnings, settings)
    deliver(_printed(rated, form, output), output, files=files)
    return FINE


def _printed(rated: list[Bill | Statement], form: Form, output: Path | None) -> str | bytes:
    match form.style:
        case "json":
            return _json(rated)
        case "csv":
            return _csv(rated)
        case _:
            return form.together(rated, output)


def _json(rated: list[Bill | Statement]) -> str:
    from ratewright.cli.output import json_array
    from ratewright.report.bill_formats import bill_json

    return json_array([bill_json(one) for one in rated])


def _csv(rated: list[Bill | Statement]) -> str:
    """The lines of all accounts below one header."""
    from ratewright.report.bill_formats import bill_csv

    return bill_csv(*rated)
