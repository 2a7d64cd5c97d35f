"""`ratewright completion`: what a shell needs to complete words."""

from __future__ import annotations

import click

from ratewright.cli.options import Command, shared_options


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@shared_options
def command(shell: str) -> int:
    """Print the completion script of a shell.

    \b
    Examples:
      ratewright completion bash >> ~/.bashrc
      ratewright completion zsh  >> ~/.zshrc
      ratewright completion fish >  ~/.config/fish/completions/ratewright.fish
    """
    from click.shell_completion import ShellComplete, get_completion_class

    from ratewright.cli.endings import FINE
    from ratewright.cli.output import deliver
    from ratewright.cli.root import root

    kind = get_completion_class(shell)
    assert kind is not None
    # The bare script: bash's own class would first start a bash to see how old it is.
    deliver(ShellComplete.source(kind(root, {}, "ratewright", "_RATEWRIGHT_COMPLETE")))
    return FINE
