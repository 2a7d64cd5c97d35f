"""No module of the package needs itself by way of others, imports for types and inside functions included."""

from __future__ import annotations

import ast
from pathlib import Path

import ratewright
from ratewright.meaning.dependencies import in_order_of_need

ROOT = Path(ratewright.__file__).parent


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, modules: frozenset[str]) -> tuple[str, ...]:
    """The modules that a module imports, wherever in it: those named, and those from which names are taken."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, f"{path}: a relative import"
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [name if name in modules else node.module for name in inside]
    return tuple(dict.fromkeys(name for name in found if name in modules))


def test_no_circle_of_modules() -> None:
    paths = {_name(path): path for path in ROOT.rglob("*.py")}
    needs = {name: _imported(path, frozenset(paths)) for name, path in sorted(paths.items())}
    assert len(needs) > 200
    assert in_order_of_need(needs)[1] == []
