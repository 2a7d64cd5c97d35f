"""What declarations are called, and what they say, in other languages than that of their file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s

T = TypeVar("T", s.Translation, s.SentenceIn)
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", re.ASCII)


def resolve_titles(file: s.File, report: Report) -> Mapping[str, Mapping[str, str]]:
    """By the name of what is declared, `""` for the list itself: its titles by their languages."""
    found: dict[str, dict[str, str]] = {}
    for declaration in file.declarations:
        if isinstance(declaration.title, s.Title) and declaration.title.others:
            name = "" if isinstance(declaration, s.Tariff) else declaration.name.text
            found.setdefault(name, _titles(declaration, declaration.title, report))
    return found


def _titles(declaration: s.Declaration, title: s.Title, report: Report) -> dict[str, str]:
    of = f"the title of {declaration.word} `{declaration.name.text}`"
    return {language: other.text.text for language, other in by_language(title.others, of, report).items()}


def by_language(others: Iterable[T], of: str, report: Report) -> dict[str, T]:
    """What stands in other languages, by their names; a name that is none, or stands twice, is reported."""
    found: dict[str, T] = {}
    for other in others:
        if not _LANGUAGE.fullmatch(other.language):
            message = f"`{other.language}` is no name of a language"
            report.error("R227", message, other.span, "write it as the CLDR does: `de`, `pt-BR`, `zh-Hans`")
        elif other.language in found:
            message = f"`{other.language}` stands twice in {of}"
            report.error("R204", message, other.span, "delete one of them")
        found.setdefault(other.language, other)
    return found
