"""`ratewright explain`: a bill with the reason of every figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from ratewright.cli.options import (
    LOGO,
    RULES,
    TEMPLATE,
    USAGE,
    Command,
    against_options,
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
    from collections.abc import Sequence

    from ratewright.comparison.parts import Comparison
    from ratewright.explain.document import Detail
    from ratewright.rating.bill import Bill, Statement


@click.command("explain", cls=Command)
@rules_and_usage
@period_options
@contract_option
@click.option(
    "--detail",
    type=click.Choice(["short", "normal", "full"]),
    default="normal",
    show_default=True,
    help="How much to say.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown", "html", "json", "pdf"]),
    help="How to print.  [default: text]",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own Jinja template; it sees what --format json prints.",
)
@brand_options
@against_options
@language_option
@output_option
@output_dir_option
@shared_options
@limit_options(RULES, USAGE, TEMPLATE, LOGO)
@click.pass_obj
def command(
    settings: Settings,
    /,
    *,
    rules: str,
    usage: str,
    detail: str,
    style: str | None,
    template: Path | None,
    output: Path | None,
    output_dir: Path | None,
    **asked: Any,
) -> int:
    """Explain a bill: which rule made each figure, and why.

    RULES is a rule file, USAGE a file (YAML or JSON) that says what an account used and bought; one of the
    two may be - for standard input. With --against-… it explains what makes the bill another than a second one.

    \b
    Examples:
      ratewright explain prices.tariff acme.yaml --period 2026-03
      ratewright explain prices.tariff acme.yaml --detail full
      ratewright explain prices.tariff acme.yaml --format html -o march.html
      ratewright explain prices.tariff acme.yaml --format pdf --logo logo.svg -o march.pdf
      ratewright explain prices.tariff acme.yaml --period 2026-03 --against-period 2026-02
    """
    from ratewright.cli.accounts import Against, Asked, results
    from ratewright.cli.endings import FINE, say_diagnostics
    from ratewright.cli.explanations import Form, brand_of
    from ratewright.cli.output import deliver, require_no_terminal, require_place
    from ratewright.cli.output_folder import deliver_each, require_folder
    from ratewright.reading import FilesRead

    looks = {name: asked.pop(name) for name in ("style_file", "logo_file")}
    if template is not None and style is not None:
        raise click.UsageError("--template decides the format: leave --format out")
    if template is not None and any(looks.values()):
        raise click.UsageError("--template has its own look: put the style and the logo into its blocks")
    against = Against(
        period=asked.pop("against_period"),
        usage=asked.pop("against_usage"),
        rules=asked.pop("against_rules"),
        method=asked.pop("method"),
    )
    require_folder(output_dir, output)
    own = [str(path) for path in (template, *looks.values()) if path is not None]
    require_place(output, (rules, usage, *against.files, *asked["contract"], *own))
    if style == "pdf" and output_dir is None:
        require_no_terminal(output)
    files = FilesRead()
    brand = brand_of(**looks, style=style or "text", limits=settings.limits, files=files)
    form = Form(style or "text", template, cast("Detail", detail), brand, asked.pop("language"), settings, files)
    rated: Sequence[Bill | Statement | Comparison]
    if against.any:
        from ratewright.cli.comparisons import comparisons

        rated, warnings = comparisons(rules, usage, Asked(**asked), against, settings.limits, files)
    else:
        rated, warnings = results(rules, usage, Asked(**asked), settings.limits, files)
    if output_dir is not None:
        made = [(one.account, form.one(one)) for one in rated]
        say_diagnostics(warnings, settings)
        deliver_each(made, output_dir, form.ending, files)
        return FINE
    text = form.together(rated, output)
    say_diagnostics(warnings, settings)
    deliver(text, output, files=files)
    return FINE
