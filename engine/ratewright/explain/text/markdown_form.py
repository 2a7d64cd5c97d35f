"""The explanation as Markdown: a table for each section, and its reasons as a list below it."""

from __future__ import annotations

import re

from ratewright.explain.document import Collection, Document, Quoted
from ratewright.explain.wording.word_templates import environment, layout

_ESCAPES = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>|#~&@$!"})
_LINK = re.compile(r"(?i)(?<=https)(?=://)|(?<=http)(?=://)|(?<=ftp)(?=://)|(?<=\bwww)(?=\.)")
_START = re.compile(r"^(?:(\d+)(?=[.)](?:\s|$))|(?=[-+=:](?:\s|$|[-=])))")


def escaped(text: str) -> str:
    """The text so that Markdown, GitHub's too, shows it as it is: no markup, link, cell or list."""
    safe = text.translate(_ESCAPES)
    if "://" in safe or "ww." in safe.lower():
        safe = _LINK.sub(r"\\", safe)
    return _START.sub(lambda m: f"{m.group(1)}\\" if m.group(1) else "\\", safe)


def fenced(quoted: Quoted) -> str:
    """The lines of a rule file with their numbers, in a block of code that none of them ends."""
    width = len(str(quoted.lines[-1].number))
    ticks = max((len(run) for line in quoted.lines for run in re.findall("`+", line.text)), default=0)
    fence = "`" * max(3, ticks + 1)
    lines = (f"{line.number:>{width}}  {line.text}".rstrip() for line in quoted.lines)
    return "\n".join([f"{fence}text", *lines, fence])


def to_markdown(document: Document | Collection) -> str:
    """The document as Markdown."""
    environment("markdown").filters.update(md=escaped, fenced=fenced)
    name = "statement" if isinstance(document, Collection) else "bill"
    text = layout(f"markdown/{name}.md").render(document=document)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
