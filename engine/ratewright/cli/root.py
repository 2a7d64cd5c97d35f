"""`ratewright` itself: its commands, found by name and imported when they are asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from ratewright.cli.endings import FINE, ReaderLeftError, end
from ratewright.cli.options import shared_options
from ratewright.cli.output import use_utf8
from ratewright.cli.settings import Settings

COMMANDS = ("check", "bill", "explain", "test", "format", "schema", "init", "completion")
"""In the order in which `ratewright --help` shows them; each is the module of its name."""


class Root(click.Group):
    """The group of all commands; the only place that turns errors into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"ratewright.cli.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's, with a suggestion for a word that is no command."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from ratewright.diagnostics import did_you_mean, visible

            hint = did_you_mean(args[0], COMMANDS) or f"the commands are {', '.join(COMMANDS)}"
            raise click.UsageError(f"there is no command `{visible(args[0])}`; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Like click's; the help is printed here."""
        try:
            return super().make_context(*args, **extra)
        except BrokenPipeError as error:
            raise ReaderLeftError from error

    def invoke(self, ctx: click.Context) -> Any:
        """Like click's, which would end a broken pipe with the code of a finding."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderLeftError from error

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, *_: Any, **extra: Any) -> NoReturn:
        """Run a command and leave with its exit code."""
        settings = Settings()
        use_utf8()
        extra.update(standalone_mode=False, obj=settings)
        try:
            code = super().main(args, "ratewright", **extra)
        except SystemExit:  # shell completion answers and leaves
            raise
        except BaseException as error:
            code = end(error, settings)
        sys.exit(code if isinstance(code, int) else FINE)


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if not asked or ctx.resilient_parsing:
        return
    click.echo(f"ratewright {_installed('ratewright')} (time zones: tzdata {_installed('tzdata')})")
    ctx.exit()


def _installed(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:  # a checkout that runs without being installed
        return "not installed"


@click.group(cls=Root, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the versions of ratewright and of its time zone data, and leave.",
)
@shared_options
@click.pass_context
def root(ctx: click.Context) -> None:
    """Price lists as text, bills as proofs.

    A rule file (*.tariff) holds a price list, a usage file (*.yaml) what an account used. ratewright
    checks the rules, makes the bills, and says why each figure is what it is.

    \b
    Examples:
      ratewright init                          a first price list to play with
      ratewright check prices/                 look for mistakes
      ratewright explain a.tariff acme.yaml    the bill with its reasons

    Exit codes: 0 fine, 1 findings, 2 bad input or command line, 3 internal error, 4 memory or disk,
    130 interrupted.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
