"""English sentences that an explanation in another language still has: words that only English sentences are made of.

What the rule file calls its things, and says, stays as it is, and so do formulas: they are taken out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Document, Note
from ratewright.explain.wording.languages import told_in
from ratewright.rating.bill import Bill

_WORDS = frozenset(
    "the of and is are has have had with which that this than its it for from by to as be been what where when there "
    "would could cannot can nothing each every but does do did left because while into only".split()
)
_QUOTED = re.compile('„[^“]*“|“[^”]*”|"[^"]*"')
_PLACE = re.compile(r"[A-Za-z0-9_./-]+\.(?:tariff|yaml|json|contract):\d+")
_RULES_OWN = ("quote", "said")
"""Notes in which the rule file speaks."""


def english_left(bill: Bill, language: str, detail: str) -> list[str]:
    """The texts of an explanation in which something English is left."""
    named = re.compile("|".join(map(re.escape, sorted(_named(bill), key=len, reverse=True))))
    return [text for text in _texts(bill, language, detail) if _WORDS & _words(text, named)]


def _words(text: str, named: re.Pattern[str]) -> set[str]:
    plain = named.sub(" ", _PLACE.sub(" ", _QUOTED.sub(" ", text)))
    if re.search(r"[=<>≤≥]", plain):
        plain = re.sub(r"\b(?:and|or|not)\b", " ", plain)  # of a condition with its values
    return set(re.findall(r"\w+", plain))


def _named(bill: Bill) -> set[str]:
    """What the list, its contracts and the account call their things, in their own words and in plain ones."""
    sources = {bill.tariff.file.text}
    if bill.tariff.contract is not None:
        sources |= {change.span.source.text for change in bill.tariff.contract.changes}
    text = "\n".join(sources)
    names = set(re.findall(r"\b[A-Za-z]\w*_\w+", text))
    names |= set(re.findall(r"\b(?:define|setting|table|field|meter|grant|package|charge|discount|tax) (\w+)", text))
    names |= {name.replace("_", " ") for name in names}
    titles = {title.replace('\\"', '"') for title in re.findall(r'"((?:[^"\\]|\\.)+)"', text)}
    given = {bill.account, *(text for pair in bill.fields for text in pair)}
    return {name for name in names | titles | given if len(name) > 2}


def _texts(bill: Bill, language: str, detail: str) -> Iterator[str]:
    with told_in(language):
        document = assemble(bill, detail)  # type: ignore[arg-type]
    assert isinstance(document, Document)
    yield from (document.title, *document.heading, *_told(document.notes))
    for section in document.sections:
        yield from (section.title, section.remark, section.used, *_told(section.notes))
        for row in (*section.rows, *section.members):
            yield from (row.label, row.how, *_told(row.notes))
    for row in document.sums:
        yield from (row.label, row.how, *_told(row.notes))


def _told(notes: tuple[Note, ...]) -> Iterator[str]:
    return (note.text for note in notes if note.kind not in _RULES_OWN)
