"""Filters of the built-in HTML pages, and of user's templates that extend them. Nothing of rating is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from markupsafe import Markup, escape

_DAY = r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b|\d{4}年\d{1,2}月\d{1,2}日"
_MOMENT = re.compile(rf"(?:{_DAY})(?: \d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d)?\b)?")
"""Days as languages write them in figures, and times."""
_IN_AMOUNT = re.compile(r"(?<=[0-9…]) (?=[A-Z]{2,3}(?![A-Za-z]))|(?<=\b[A-Z]{3}) (?=-?[0-9])")
"""The space between a number and its currency, or a short unit like one."""
_NO_LETTER = re.compile("[^a-zA-Z0-9]")


def dated(text: str) -> Markup:
    """The text, escaped, with dates, times and amounts that do not break over lines."""
    return Markup(_IN_AMOUNT.sub("\u00a0", _MOMENT.sub(r"<time>\g<0></time>", str(escape(text)))))


def linked(note: Any) -> Markup:
    """The text of a note, dated, with links where its pieces lead to what is quoted."""
    links = dict(map(_pair, _part(note, "links")))
    text = _part(note, "text")
    if not links:
        return dated(text)
    pieces = re.split(f"({'|'.join(map(re.escape, sorted(links, key=len, reverse=True)))})(?![0-9])", text)
    return Markup("").join(
        Markup('<a href="#{}">{}</a>').format(links[piece], piece) if number % 2 else dated(piece)
        for number, piece in enumerate(pieces)
    )


def _pair(link: Any) -> tuple[str, str]:
    return _part(link, "text"), _part(link, "target")


def heads_name(heads: Sequence[str]) -> str:
    """The class of tables with these heads: `heads_style` names it."""
    return f"heads-{sha256(repr(list(heads)).encode()).hexdigest()[:12]}"


def heads_style(document: Any) -> Markup:
    """For a phone, where the rows of a table are stacked: what puts the head of its column before each value. It stands
    once for all tables with the same heads, since there may be hundreds of rows."""
    named = {heads_name(heads): heads for heads in _all_heads(document)}
    rules = [
        f".{name} td:nth-child({number})::before {{ content: {_quoted(head)}; }}"
        for name, heads in named.items()
        for number, head in enumerate(heads, start=1)
        if number > 1 and head
    ]
    return Markup("\n".join(["@media screen and (max-width: 56rem) {", *rules, "}"]) if rules else "")


def page_heads(document: Any) -> Markup:
    """For a printed page: what stands above each of its sheets. Each bill of a statement has its own, but for the first
    one, which follows on the sum of all."""
    heads = [f"@page {{ @top-left {{ content: {_quoted(_part(document, 'title'))}; }} }}"]
    told = [bill for bill in _part(document, "documents") if not _part(bill, "idle")]
    for number, bill in enumerate(told[1:], start=3):
        heads.append(f"@page bill-{number} {{ @top-left {{ content: {_quoted(_part(bill, 'title'))}; }} }}")
        heads.append(f"main > article:nth-of-type({number}) {{ page: bill-{number}; }}")
    return Markup("\n".join(["@media print {", *heads, "}"]))


def _quoted(text: str) -> str:
    """The text as a string of CSS in which nothing but letters and digits stands for itself."""
    return '"' + _NO_LETTER.sub(lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def _all_heads(document: Any) -> Iterator[Sequence[str]]:
    """The heads of all tables of a document, or of a statement and its bills, as tuples or as plain data."""
    for section in (*_part(document, "summary"), *_part(document, "sections")):
        yield from (_part(table, "heads") for table in _part(section, "tables"))
    for bill in _part(document, "documents"):
        yield from _all_heads(bill)


def _part(whole: Any, name: str) -> Any:
    return whole.get(name, ()) if isinstance(whole, dict) else getattr(whole, name, ())


FILTERS = {
    "dated": dated,
    "heads_name": heads_name,
    "heads_style": heads_style,
    "linked": linked,
    "page_heads": page_heads,
}
