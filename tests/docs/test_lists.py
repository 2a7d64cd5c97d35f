"""The page of bundled lists is what they are today, and each of them has its trade."""

from __future__ import annotations

import re

from tests.docs import lists
from tests.docs.running import updating


def test_the_page_of_lists_is_up_to_date() -> None:
    made = lists.page()
    if updating():
        lists.PAGE.write_text(made, encoding="utf-8")
    assert lists.PAGE.read_text(encoding="utf-8") == made, "RATEWRIGHT_UPDATE=1 pytest tests/docs"


def test_every_list_has_one_trade() -> None:
    named = [name for names in lists.TRADES.values() for name in names.split()]
    assert sorted(named) == sorted(each.path.stem for each in lists.price_lists())


def test_what_is_looked_for_is_found() -> None:
    """A pattern that matches nothing in all bundled lists and language cases is a slip of the pattern."""
    cases = (lists.ROOT / "tests" / "language" / "good").rglob("*.tariff")
    everything = "\n".join(path.read_text(encoding="utf-8").replace(";", "\n") for path in cases)
    for written, _, _, pattern in lists.CONSTRUCTS:
        assert re.search(pattern, everything, re.MULTILINE), written
