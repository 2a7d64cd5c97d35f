"""Pages in a real browser: what stands out of its box on screens of several widths, and what a printed page says.

Chromium runs headless and needs no network. `apt-get install chromium poppler-utils` has it, and `pdftotext`.
"""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape, unescape
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PDF_TO_TEXT = shutil.which("pdftotext")

# Each line of text is measured against the cell, paragraph or heading that it stands in, and that against the window.
_MEASURE = """
const found = [];
for (const frame of document.querySelectorAll("iframe")) {
  const page = frame.contentDocument, width = page.documentElement.clientWidth;
  const tell = (what, text) => found.push([frame.name, what, text.trim().slice(0, 80)]);
  if (page.documentElement.scrollWidth > width) tell("the page is wider than its window", "");
  const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, box = text.parentElement.closest("td, th, p, li, summary, h1, h2, h3, text");
    const head = text.parentElement.closest("thead");
    if (!text.data.trim() || text.parentElement.closest("caption, svg title")) continue;
    if (head && frame.contentWindow.getComputedStyle(head).position === "absolute") continue;  // for readers aloud
    const range = page.createRange();
    range.selectNodeContents(text);
    const lines = [...range.getClientRects()], around = box.getBoundingClientRect();
    if (lines.some(line => line.left < around.left - 1 || line.right > around.right + 1 || line.right > width + 1))
      tell("text stands out of its " + box.tagName, text.data);
    if (width > 896 && text.parentElement.closest(".amount") && new Set(lines.map(line => line.top)).size > 1)
      tell("an amount is on two lines", text.data);
  }
}
const told = document.createElement("pre");
told.textContent = JSON.stringify(found);
document.body.replaceChildren(told);
"""


def standing_out(pages: Mapping[str, str], widths: Sequence[int], folder: Path) -> list[list[str]]:
    """What of some pages, by name, stands out of its box in windows so many pixels wide: where, what, which text."""
    frames = "".join(
        f'<iframe name="{escape(name)} at {width}" style="width: {width}px" srcdoc="{escape(page)}"></iframe>'
        for name, page in pages.items()
        for width in widths
    )
    whole = folder / "frames.html"
    script = f"<script>addEventListener('load', () => {{ {_MEASURE} }})</script>"
    whole.write_text(f'<!doctype html><meta charset="utf-8"><body>{frames}{script}', encoding="utf-8")
    answer = _run(whole, "--dump-dom")
    found: list[list[str]] = json.loads(unescape(answer.partition("<pre>")[2].partition("</pre>")[0]))
    return found


def printed(page: str, folder: Path) -> list[str]:
    """The words that stand wholly on the paper of a printed page, in their order."""
    return " ".join(line for sheet in sheets(page, folder) for line in sheet).split()


def sheets(page: str, folder: Path) -> list[list[str]]:
    """The lines of each sheet of paper that a page is printed on, what stands in its margins among them."""
    assert PDF_TO_TEXT is not None
    source, paper = folder / "page.html", folder / "page.pdf"
    source.write_text(page, encoding="utf-8")
    _run(source, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    text = subprocess.run([PDF_TO_TEXT, "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    return [[" ".join(line.split()) for line in sheet.splitlines() if line.strip()] for sheet in text.split("\f")[:-1]]


@cache
def _profile() -> str:
    """A folder for what the browser keeps: made once, for all pages of this process."""
    folder = tempfile.mkdtemp(prefix="browser-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _run(page: Path, *options: str) -> str:
    assert CHROMIUM is not None
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += ["--no-first-run", f"--user-data-dir={_profile()}", "--virtual-time-budget=10000"]
    return subprocess.run([*command, *options, page.as_uri()], capture_output=True, text=True, check=True).stdout
