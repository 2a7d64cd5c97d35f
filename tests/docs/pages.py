"""The pages of the project, read as their readers see them: fenced blocks, each with the marker before it.

A marker is an HTML comment on the line above a block, so a reader of the page never sees it:

    <!-- docs: file prices.tariff -->     the block is kept under this name in the page's folder
    <!-- docs: in charge -->              the block is a part of a rule file: it is put into `bases/charge.tariff`
    <!-- docs: each in charge -->         the same, each line on its own
    <!-- docs: in fixture -->             the block is a part of a fixture: it is put into `bases/fixture.yaml`
    <!-- docs: from engine/x.py -->       the block is quoted from this file of the project
    <!-- docs: refused R211, R203 -->     the block is wrong, and these are the codes that say so
    <!-- docs: exit 1 -->                 the last command of the block leaves with this code, not with 0
    <!-- docs: not run -->                the block is only shown

Several stand behind one another with `;` between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MARKER = re.compile(r"<!-- docs: (.*?) -->\s*")
_FENCE = re.compile(r"(`{3,})(\w*)\s*")
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_KNOWN = ("file ", "in ", "each in ", "from ", "refused ", "exit ", "not run")


@dataclass(frozen=True)
class Block:
    """A fenced block: `line` is that of its fence, counted from 1."""

    page: Page
    line: int
    language: str
    text: str
    markers: tuple[str, ...]

    @property
    def place(self) -> str:
        return f"{self.page.name}:{self.line}"

    def marked(self, word: str) -> str | None:
        """What stands behind a marker's words, or None."""
        return next((m.removeprefix(word).strip() for m in self.markers if m == word or m.startswith(f"{word} ")), None)


@dataclass(frozen=True)
class Page:
    """A Markdown file of the project."""

    path: Path
    text: str = field(repr=False)

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_blocks(self))

    @cached_property
    def prose(self) -> str:
        """The page without its blocks."""
        kept, fenced = [], False
        for line in self.text.splitlines():
            if _FENCE.match(line):
                fenced = not fenced
            elif not fenced:
                kept.append(line)
        return "\n".join(kept)

    def section(self, heading: str) -> str:
        """The text below a heading, up to the next one of its rank or above."""
        lines = self.text.splitlines()
        start = next((n for n, line in enumerate(lines) if line.lstrip("# ") == heading and line.startswith("#")), None)
        assert start is not None, f"{self.name} has no section `{heading}`"
        rank = len(lines[start]) - len(lines[start].lstrip("#"))
        ends = re.compile(rf"#{{1,{rank}}} ")
        fenced = False
        for number, line in enumerate(lines[start + 1 :], start + 1):
            fenced ^= line.startswith("```")
            if not fenced and ends.match(line):
                return "\n".join(lines[start:number])
        return "\n".join(lines[start:])

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What a link may name behind `#`."""
        headings = [m.group(1) for line in self.prose.splitlines() if (m := _HEADING.fullmatch(line))]
        return frozenset(anchor(h) for h in headings)


def anchor(heading: str) -> str:
    """The name that a heading gets as the target of a link."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", ""))
    return kept.replace(" ", "-")


def _blocks(page: Page):
    opened: tuple[int, str, str] | None = None
    body: list[str] = []
    markers: tuple[str, ...] = ()
    for number, line in enumerate(page.text.splitlines(), start=1):
        fence = _FENCE.fullmatch(line)
        if opened is None and fence:
            opened, body = (number, fence.group(1), fence.group(2)), []
        elif opened is not None and line.strip() == opened[1]:
            yield Block(page, opened[0], opened[2], "".join(f"{text}\n" for text in body), markers)
            opened, markers = None, ()
        elif opened is not None:
            body.append(line)
        elif found := _MARKER.fullmatch(line):
            markers = tuple(part.strip() for part in found.group(1).split(";"))
            strange = [m for m in markers if not f"{m} ".startswith(_KNOWN)]
            assert not strange, f"{page.name}:{number}: no marker {strange}"
        elif line.strip():
            assert not markers, f"{page.name}:{number}: a marker stands before no block"
    assert opened is None, f"{page.name}: a block does not end"


def page(name: str) -> Page:
    """A page by its path from the root."""
    path = ROOT / name
    return Page(path, path.read_text(encoding="utf-8"))


NAMES = tuple(
    path.relative_to(ROOT).as_posix()
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
    )
)
"""Every page, by its path from the root."""
