"""Links between the pages, and to files of the project, lead somewhere."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import NAMES, ROOT, Page, page

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    found = page(name)
    for target in _LINK.findall(found.prose.replace("\n", " ")):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (found.path.parent / path).resolve() if path else found.path
        assert file.exists(), f"{name}: {target}"
        assert file.is_relative_to(ROOT), f"{name}: {target}"
        if anchor:
            assert anchor in Page(file, file.read_text(encoding="utf-8")).anchors, f"{name}: {target}"


def test_every_page_is_reached_from_the_first() -> None:
    seen, coming = set(), [ROOT / "README.md"]
    while coming:
        path = coming.pop()
        if path in seen or path.suffix != ".md":
            continue
        seen.add(path)
        found = Page(path, path.read_text(encoding="utf-8"))
        coming += [(path.parent / t.partition("#")[0]).resolve() for t in _LINK.findall(found.prose) if "://" not in t]
    assert {ROOT / name for name in NAMES} <= seen


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/design.md"])
def test_files_that_a_page_names_are_there(name: str) -> None:
    """By their path in the project, or in the package."""
    named = re.findall(r"`([a-z_./]+(?:/|\.(?:py|lark|txt|tariff|toml|md)))`", page(name).prose)
    assert named
    assert [n for n in named if not any((of / n).exists() for of in (ROOT, ROOT / "engine/ratewright"))] == []


def test_every_folder_of_the_package_opens_with_what_comes_in_and_what_goes_out() -> None:
    folders = sorted((ROOT / "engine/ratewright").glob("*/__init__.py"))
    opening = {path.parent.name: path.read_text(encoding="utf-8").split('"""')[1] for path in folders}
    assert [name for name, text in opening.items() if "In: " not in text or "Out: " not in text] == []
    table = page("docs/design.md").text
    assert [name for name in opening if f"| `{name}/` |" not in table] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "docs/diagnostics.md"])
def test_lines_are_not_endless(name: str) -> None:
    """Prose breaks near 140 characters, so that a difference can be read; tables and blocks are as wide as they are."""
    long = [
        line for line in page(name).prose.splitlines() if len(line) > 145 and not line.startswith(("|", "#", "<!--"))
    ]
    assert long == []
