"""Options that several commands take, and the flags of the limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec.structs import replace as with_fields

from ratewright.cli.settings import Settings
from ratewright.limits import DEFAULT, KIB, MIB

F = TypeVar("F", bound=Callable[..., Any])


_NUMBER = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})\s*(KiB|MiB|GiB)?", re.ASCII | re.IGNORECASE)
_FACTORS = {"": 1, "kib": KIB, "mib": MIB, "gib": 1024 * MIB}


def number(text: str) -> int:
    """A whole number above 0; `2MiB` is 2,097,152. Raises BadParameter."""
    found = _NUMBER.fullmatch(text.strip())
    value = int(found[1].replace(",", "")) * _FACTORS[(found[2] or "").lower()] if found else 0
    if value < 1:
        raise click.BadParameter(f"`{text}` is no whole number above 0; write 2000000 or 2MiB")
    return value


def _month(ctx: click.Context, _: click.Parameter, text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text, re.ASCII):
        raise click.BadParameter(f"`{text}` is no month; write it as 2026-03")
    return text


RULES: dict[str, tuple[str, str]] = {
    "rule_file_bytes": ("--max-rule-bytes", "bytes of a rule file, template or style file"),
    "terms": ("--max-terms", "terms of one sum or condition"),
    "tier_rows": ("--max-rows", "rows of one table of tiers"),
}
USAGE: dict[str, tuple[str, str]] = {
    "fixture_bytes": ("--max-fixture-bytes", "bytes of a usage file (YAML or JSON)"),
    "usage_file_bytes": ("--max-usage-bytes", "bytes of a CSV or JSON Lines file it names"),
    "json_line_bytes": ("--max-line-bytes", "bytes of one JSON line or CSV row"),
    "lots": ("--max-lots", "lots of one account"),
    "periods": ("--max-periods", "periods in one rating"),
}
TEMPLATE: dict[str, tuple[str, str]] = {
    "template_seconds": ("--max-template-seconds", "seconds for a template"),
    "template_memory_bytes": ("--max-template-memory", "bytes of memory for a template"),
    "template_output_bytes": ("--max-template-output", "bytes that a template prints"),
}
LOGO: dict[str, tuple[str, str]] = {
    "logo_bytes": ("--max-logo-bytes", "bytes of a logo"),
}
SHOWN: dict[str, tuple[str, str]] = {
    "diagnostics": ("--max-diagnostics", "diagnostics printed"),
}


class LimitOption(click.Option):
    """A flag that raises or lowers one of the limits; shown apart in the help."""


class Command(click.Command):
    """A command whose help shows the limits below the options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("context_settings", {"help_option_names": ["-h", "--help"]})
        super().__init__(*args, **kwargs)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the limits."""
        options = [p for p in self.get_params(ctx) if not isinstance(p, click.Argument)]
        records = [(isinstance(p, LimitOption), p.get_help_record(ctx)) for p in options]
        for title, limits in (("Options", False), ("Limits on input", True)):
            rows = [record for is_limit, record in records if record is not None and is_limit == limits]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def limit_options(*tables: dict[str, tuple[str, str]]) -> Callable[[F], F]:
    """The flags of these limits and of the number of diagnostics."""

    def add(function: F) -> F:
        for table in reversed((*tables, SHOWN)):
            for field, (flag, meaning) in reversed(table.items()):
                function = _limit_option(field, flag, meaning)(function)
        return function

    return add


def _limit_option(field: str, flag: str, meaning: str) -> Callable[[F], F]:
    def set_limit(ctx: click.Context, _: click.Parameter, text: str | None) -> None:
        if text is not None:
            settings = ctx.ensure_object(Settings)
            settings.limits = with_fields(settings.limits, **{field: number(text)})

    return click.option(
        flag,
        cls=LimitOption,
        metavar="N",
        expose_value=False,
        callback=set_limit,
        help=f"{meaning}  [{_shown(getattr(DEFAULT, field))}]",
    )


def _shown(number: int) -> str:
    for name, factor in (("GiB", 1024 * MIB), ("MiB", MIB), ("KiB", KIB)):
        if number % factor == 0:
            return f"{number // factor}{name}"
    return f"{number:,}"


def shared_options(function: F) -> F:
    """`--color` and `--debug`, which stand before a command or after it."""

    def set_color(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.ensure_object(Settings).color = value

    def set_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            ctx.ensure_object(Settings).debug = True

    function = click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=set_debug,
        help="Show where an internal error happened.",
    )(function)
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        expose_value=False,
        is_eager=True,
        callback=set_color,
        help="Colours: auto (on a terminal, unless NO_COLOR is set), always or never.",
    )(function)


def _place(ctx: click.Context, _: click.Parameter, text: str | None) -> Path | None:
    return None if text in (None, "-") else Path(text)


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(allow_dash=True),
    callback=_place,
    metavar="FILE",
    help="Write to FILE, which is replaced whole or not at all.",
)


output_dir_option = click.option(
    "--output-dir",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write a file for each account into FOLDER.",
)


def brand_options(function: F) -> F:
    """`--style` and `--logo`: whose page it is."""
    path = click.Path(path_type=Path)
    for option in (
        click.option("--logo", "logo_file", type=path, metavar="FILE", help="An image at its top: PNG, JPEG or SVG."),
        click.option("--style", "style_file", type=path, metavar="FILE", help="CSS for HTML or PDF, behind ours."),
    ):
        function = option(function)
    return function


def period_options(function: F) -> F:
    """`--period`, or `--from` and `--to`."""
    for option in (
        click.option("--to", "last", callback=_month, metavar="MONTH", help="The last month of the range."),
        click.option("--from", "first", callback=_month, metavar="MONTH", help="The first month of a range."),
        click.option(
            "--period",
            metavar="PERIOD",
            help="A month (2026-03), a day (2026-03-02) or a year (2026). Without it or a range: "
            "all months that the usage tells of.",
        ),
        click.option("--account", metavar="NAME", help="Only this account of a file that holds several."),
    ):
        function = option(function)
    return function


def against_options(function: F) -> F:
    """What another bill is made from, with which one is compared."""
    path = click.Path(allow_dash=True)
    for option in (
        click.option(
            "--method",
            type=click.Choice(["in-turn", "shapley"]),
            help="How inputs are exchanged: one after the other, or the mean of all orders.  [default: in-turn]",
        ),
        click.option("--against-rules", type=path, metavar="PATH", help="Compare with the bill by other RULES."),
        click.option("--against-usage", type=path, metavar="FILE", help="Compare with the bill of another USAGE."),
        click.option("--against-period", metavar="PERIOD", help="Compare with the bill of another month or day."),
    ):
        function = option(function)
    return function


language_option = click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="NAME",
    help="The language of what is told: en, de, zh-Hans.",
)


contract_option = click.option(
    "--contract",
    multiple=True,
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="What differs from the price list for the accounts that FILE names; may be given several times.",
)


def rules_and_usage(function: F) -> F:
    """The arguments RULES and USAGE; one of them may be `-`."""
    path = click.Path(allow_dash=True)
    return click.argument("rules", type=path)(click.argument("usage", type=path)(function))
