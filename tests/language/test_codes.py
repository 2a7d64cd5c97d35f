"""The catalogue of codes and the program agree: each code that is reported is explained, and only those."""

from __future__ import annotations

import re
from pathlib import Path

import ratewright
from ratewright.codes.catalogue import catalogue

PACKAGE = Path(ratewright.__file__).parent
HERE = Path(__file__).parent
CODE = re.compile(r'"([A-Z][0-9]{3})"')
SHAPE = re.compile(r"[A-Z][0-9]{3}")


def emitted() -> set[str]:
    """The code literals of the program, and those of its tables by the names they are reported under."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name == "codes.py":
            found.update(_used(path, text))
        elif path.parent != PACKAGE / "codes":
            found.update(CODE.findall(text))
    return found


def _used(table: Path, text: str) -> set[str]:
    """The codes of a table whose names the folder of the table uses."""
    pattern = r'^([A-Z0-9_]+) = _code\(\s*"([A-Z][0-9]{3})"'
    named = dict(re.findall(pattern, text, re.MULTILINE))
    others = "\n".join(p.read_text(encoding="utf-8") for p in table.parent.rglob("*.py") if p != table)
    return {code for name, code in named.items() if re.search(rf"\b{name}\b", others)}


def test_every_code_that_is_reported_is_explained():
    assert emitted() - set(catalogue()) == set()


def test_every_code_that_is_explained_is_reported():
    assert set(catalogue()) - emitted() == set()


def test_explanations_are_whole_sentences():
    for code, entry in catalogue().items():
        assert SHAPE.fullmatch(code)
        assert entry.title[0].islower() or not entry.title[0].isalpha() or entry.title.split()[0].isupper(), code
        assert not entry.title.endswith("."), code
        assert entry.explanation.endswith("."), code
        assert entry.explanation.count("`") % 2 == 0, code


def test_the_corpus_shows_every_code_of_the_rules_and_the_checks():
    shown = set()
    for path in HERE.glob("bad/*/*.expected"):
        shown.update(re.findall(r"^\w+\[([RC][0-9]{3})\]", path.read_text(encoding="utf-8"), re.MULTILINE))
    wanted = {code for code in catalogue() if code[0] in "RC"}
    assert wanted - shown == set()
