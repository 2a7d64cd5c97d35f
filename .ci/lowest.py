"""The lowest versions that `pyproject.toml` allows, as constraints for pip: one `name==version` a line.

`pip install -e ".[dev]" -c lowest.txt` installs them beside the newest tools of the tests.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?P<extras>\[[^\]]*\])?>=(?P<lowest>[0-9][0-9A-Za-z.]*)")


def lowest(requirement: str) -> str:
    """`name==version` of a requirement. Raises ValueError where it has no lower bound."""
    found = BOUND.match(requirement)
    if found is None:
        raise ValueError(f"`{requirement}` has no lower bound: write `name>=version`")
    return f"{found['name']}=={found['lowest']}"


def main() -> None:
    """Print the constraints of all dependencies of the package; those of its tests are left at their newest."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        print(lowest(requirement))


if __name__ == "__main__":
    main()
