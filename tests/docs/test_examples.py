"""Every block of every page is run: rule files are checked, fixtures billed, commands compared with what they print.

With `RATEWRIGHT_UPDATE=1` in the environment the outputs in the pages are written anew instead:

    RATEWRIGHT_UPDATE=1 pytest tests/docs

Read the difference before keeping it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import NAMES, Block, page
from tests.docs.running import Runner, WrongError, updating


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_is_so(name: str, tmp_path: Path) -> None:
    found = page(name)
    runner = Runner(tmp_path)
    wrong: list[str] = []
    written: list[tuple[Block, str]] = []
    for block in found.blocks:
        try:
            text = runner.run(block)
        except (AssertionError, OSError, ValueError) as error:
            kind = "" if isinstance(error, WrongError) else f"{type(error).__name__}: "
            wrong.append(f"{block.place}: {kind}{error}")
            continue
        if text != block.text:
            written.append((block, text))
            if not updating():
                wrong.append(f"{block.place}: it prints\n{text}")
    if updating() and written:
        lines = found.text.splitlines(keepends=True)
        for block, text in reversed(written):
            lines[block.line : block.line + block.text.count("\n")] = [text]
        found.path.write_text("".join(lines), encoding="utf-8")
    assert not wrong, "\n\n".join(wrong)
