"""The page of diagnostics is what the catalogue and the engine say today, and it has every code."""

from __future__ import annotations

import re

from ratewright.codes.catalogue import catalogue
from tests.docs import gallery
from tests.docs.pages import ROOT
from tests.docs.running import updating


def test_the_page_of_diagnostics_is_up_to_date() -> None:
    made = gallery.page()
    if updating():
        gallery.write()
    assert gallery.PAGE.read_text(encoding="utf-8") == made, "RATEWRIGHT_UPDATE=1 pytest tests/docs"


def test_every_code_has_its_entry() -> None:
    headings = re.findall(r"^### (\w+)$", gallery.PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(catalogue())


def test_every_code_that_the_engine_gives_is_in_the_catalogue() -> None:
    written = {
        code
        for path in (ROOT / "engine").rglob("*.py")
        if path.name != "_tables.py"
        for code in re.findall(r'"([RCAUXL][0-9]{3})"', path.read_text(encoding="utf-8"))
    }
    assert written <= set(catalogue())
