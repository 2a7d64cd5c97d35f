"""`ratewright init`: a first price list with an account's usage, ready to be changed."""

from __future__ import annotations

from pathlib import Path

import click

from ratewright.cli.options import Command, shared_options
from ratewright.diagnostics import Diagnostic, RatewrightError

STARTER = Path(__file__).resolve().parent / "starter"
RULES, USAGE = "photo_api.tariff", "acme.yaml"


@click.command("init", cls=Command)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@shared_options
def command(folder: Path) -> int:
    """Write a small price list and the usage of one account.

    DIR is made if it is not there; the current folder without it. Files that are there already are left
    as they are, and the command stops.

    \b
    Examples:
      ratewright init
      ratewright init prices/
    """
    from ratewright.cli.endings import FINE
    from ratewright.cli.output import deliver

    rules, usage = folder / RULES, folder / USAGE
    _refuse_overwriting([rules, usage])
    _write(folder, [rules, usage])
    deliver(_next_steps(rules, usage))
    return FINE


def _refuse_overwriting(files: list[Path]) -> None:
    from ratewright.cli import codes

    there = [path for path in files if path.exists() or path.is_symlink()]
    if there:
        help = "name another folder: `ratewright init prices`"
        raise RatewrightError(
            Diagnostic(codes.ALREADY_THERE, f"`{path}` is there already", help=help, file=str(path)) for path in there
        )


def _write(folder: Path, files: list[Path]) -> None:
    """Both files or none. Raises RatewrightError, and OSError for the disk."""
    from ratewright.cli import codes
    from ratewright.cli.endings import DISK

    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in files:
            with path.open("xb") as stream:
                made.append(path)
                stream.write((STARTER / path.name).read_bytes())
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if not isinstance(error, OSError) or error.errno in DISK:
            raise
        reason = (error.strerror or type(error).__name__).lower()
        message = f"cannot write into `{folder}`: {reason}"
        raise RatewrightError(
            [Diagnostic(codes.NOT_WRITABLE, message, help="name another folder", file=str(folder))]
        ) from error


def _next_steps(rules: Path, usage: Path) -> str:
    import shlex

    first, second = shlex.quote(str(rules)), shlex.quote(str(usage))
    return (
        f"{rules}  a price list with two examples\n"
        f"{usage}  what one account used in March 2026, and what it must cost\n\n"
        "Try next:\n"
        f"  ratewright check {first}\n"
        f"  ratewright test {first} {second}\n"
        f"  ratewright explain {first} {second} --period 2026-03\n"
    )
