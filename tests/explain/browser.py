"""Pages in a real browser: what stands out of its box on screens of several widths, and what a printed page says.

Chromium runs headless and needs no network. `apt-get install chromium poppler-utils` has it, and `pdftotext`. It is
started once in a process, and told over a pipe what to do, in the protocol of its own developer tools.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PDF_TO_TEXT = shutil.which("pdftotext")

# Each line of text is measured against the cell, paragraph or heading that it stands in, and that against the window.
_MEASURE = """(() => {
const found = [], width = document.documentElement.clientWidth;
const tell = (what, text) => found.push([what, text.trim().slice(0, 80)]);
if (document.documentElement.scrollWidth > width) tell("the page is wider than its window", "");
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const text = walk.currentNode, box = text.parentElement.closest("td, th, p, li, summary, h1, h2, h3, text");
  const head = text.parentElement.closest("thead");
  if (!text.data.trim() || text.parentElement.closest("caption, svg title")) continue;
  if (head && getComputedStyle(head).position === "absolute") continue;  // for readers aloud
  const range = document.createRange();
  range.selectNodeContents(text);
  const lines = [...range.getClientRects()], around = box.getBoundingClientRect();
  if (lines.some(line => line.left < around.left - 1 || line.right > around.right + 1 || line.right > width + 1))
    tell("text stands out of its " + box.tagName, text.data);
  if (width > 896 && text.parentElement.closest(".amount") && new Set(lines.map(line => line.top)).size > 1)
    tell("an amount is on two lines", text.data);
}
return found;
})()"""

# The browser reads what it is told from 3 and answers to 4; neither pipe may be in the way of the other.
_WITH_PIPE = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3])
os.dup2(reads, 3), os.dup2(writes, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """A browser that runs; a page at a time."""

    def __init__(self) -> None:
        assert CHROMIUM is not None
        self._profile = tempfile.mkdtemp(prefix="browser-")
        reads, told = os.pipe()
        answers, writes = os.pipe()
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        command += ["--no-first-run", f"--user-data-dir={self._profile}", "--remote-debugging-pipe"]
        start = [sys.executable, "-ISc", _WITH_PIPE, str(reads), str(writes), *command]
        self._process = subprocess.Popen(start, pass_fds=(reads, writes), stderr=subprocess.DEVNULL)
        os.close(reads)
        os.close(writes)
        self._told, self._answers = os.fdopen(told, "wb", 0), os.fdopen(answers, "rb")
        atexit.register(self._close)
        self._left, self._count, self._session = b"", 0, ""
        self._page = self._asked("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._asked("Target.attachToTarget", targetId=self._page, flatten=True)["sessionId"]

    def show(self, page: str) -> None:
        """Put a page in place of the one at hand."""
        self._asked("Page.setDocumentContent", frameId=self._page, html=page)

    def window(self, width: int) -> None:
        """Make the window so many pixels wide."""
        self._asked("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)

    def value(self, script: str) -> Any:
        """What the last statement of a script comes to in the page at hand."""
        found = self._asked("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"]["value"]

    def paper(self) -> bytes:
        """The page at hand, printed as PDF."""
        return b64decode(self._asked("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"])

    def _asked(self, method: str, **parameters: object) -> dict[str, Any]:
        self._count += 1
        message: dict[str, object] = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._told.write(json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._count:
            pass
        assert "error" not in answer, answer
        found: dict[str, Any] = answer["result"]
        return found

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            more = self._answers.read1()
            assert more, "the browser has ended"
            self._left += more
        answer, _, self._left = self._left.partition(b"\0")
        found: dict[str, Any] = json.loads(answer)
        return found

    def _close(self) -> None:
        self._told.close()  # it ends then, with the processes that it has started
        self._process.wait()
        self._answers.close()
        shutil.rmtree(self._profile, ignore_errors=True)


browser = cache(Browser)


def standing_out(pages: Mapping[str, str], widths: Sequence[int]) -> list[list[str]]:
    """What of some pages, by name, stands out of its box in windows so many pixels wide: where, what, which text."""
    found: list[list[str]] = []
    for name, page in pages.items():
        browser().show(page)
        for width in widths:
            browser().window(width)
            found += [[f"{name} at {width}", *told] for told in browser().value(_MEASURE)]
    return found


def printed(page: str, folder: Path) -> list[str]:
    """The words that stand wholly on the paper of a printed page, in their order."""
    return " ".join(line for sheet in sheets(page, folder) for line in sheet).split()


def sheets(page: str, folder: Path) -> list[list[str]]:
    """The lines of each sheet of paper that a page is printed on, what stands in its margins among them."""
    assert PDF_TO_TEXT is not None
    paper = folder / "page.pdf"
    browser().show(page)
    paper.write_bytes(browser().paper())
    text = subprocess.run([PDF_TO_TEXT, "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    return [[" ".join(line.split()) for line in sheet.splitlines() if line.strip()] for sheet in text.split("\f")[:-1]]
