"""What declarations are called in other languages than that of their file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s

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
    titles: dict[str, str] = {}
    for other in title.others:
        if not _LANGUAGE.fullmatch(other.language):
            report.error(
                "R227",
                f"`{other.language}` is no name of a language",
                other.span,
                "write it as the CLDR does: `de`, `pt-BR`, `zh-Hans`",
            )
        elif other.language in titles:
            report.error(
                "R204",
                f"`{other.language}` stands twice in the title of {declaration.word} `{declaration.name.text}`",
                other.span,
                "delete one of them",
            )
        titles.setdefault(other.language, other.text)
    return titles
