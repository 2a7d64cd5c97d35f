"""Where the grammar and the bundled price lists lie.

An installed package carries them inside itself, in `_bundled/`; a checkout has them at its root, two
levels above the package, because people edit them there. Nothing else may know these two places.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "_bundled", _PACKAGE.parents[1])


class ResourceError(FileNotFoundError):
    """A part of the package is missing from its installation. `help` says how to mend it."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


def grammar_file() -> Path:
    """The grammar of rule files. Raises ResourceError."""
    return _root() / "grammar" / "ratewright.lark"


def rules_dir() -> Path:
    """The folder of the price lists that come with the package. Raises ResourceError."""
    folder = _root() / "rules"
    if not folder.is_dir():
        raise ResourceError(f"the folder of price lists is missing: `{folder}`", "install ratewright again")
    return folder


def _root() -> Path:
    """The place that holds the grammar; a folder that merely bears the right name is not taken for it."""
    for place in _PLACES:
        if (place / "grammar" / "ratewright.lark").is_file():
            return place
    looked = " and ".join(f"`{place}`" for place in _PLACES)
    raise ResourceError(
        f"the grammar `grammar/ratewright.lark` is missing; looked in {looked}",
        "install ratewright again, or run from a complete checkout",
    )
