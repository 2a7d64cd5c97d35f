"""Titles and sentences that a language lacks which others of the list have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ratewright.advice.words import listed
from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree

_NAMED = 4
_Titled = tree.Tariff | tree.Setting | tree.Meter | tree.Pool | tree.Charge | tree.Limit


def untranslated(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each language in which something of the list stands, and something else that bills tell does not."""
    declared = list(_declared(tariff))
    said = [sentence for node in declared if (sentence := _sentence(node)) is not None]
    languages = {name for own in (*tariff.titles.values(), *(s.others for s in said)) for name in own}
    for language in sorted(languages):
        titles = [node for node in declared if _has_title(node) and language not in _titles(node, tariff)]
        sentences = [node for node in declared if (s := _sentence(node)) is not None and language not in s.others]
        missing = [*titles, *(node for node in sentences if node not in titles)]
        if not missing:
            continue
        parts = [_names(words, nodes) for words, nodes in (("title", titles), ("sentence", sentences)) if nodes]
        yield Diagnostic(
            "C115",
            f"`{language}` is missing: {'; '.join(parts)}",
            missing[0].span,
            f'write it behind the text of the list: `"…" {language} "…"`',
            Severity.NOTE,
        )


def _names(word: str, nodes: list[_Titled]) -> str:
    """`the titles of `fee` and `vat``."""
    named = [f"`{node.name}`" for node in nodes[:_NAMED]]
    more = len(nodes) - len(named)
    shown = [*named, f"{more:,} more"] if more else named
    return f"the {word}{'s' if len(nodes) > 1 else ''} of {listed(shown, 'and')}"


def _declared(tariff: tree.Tariff) -> Iterator[_Titled]:
    """What has a title that bills print, in the order of the kinds."""
    yield tariff
    for kind in (tariff.settings, tariff.meters, tariff.pools, tariff.charges, tariff.limits):
        yield from kind.values()


def _has_title(node: _Titled) -> bool:
    return node.title != node.name.replace("_", " ")


def _titles(node: _Titled, tariff: tree.Tariff) -> Mapping[str, str]:
    return tariff.titles.get("" if node is tariff else node.name, {})


def _sentence(node: _Titled) -> tree.Sentence | None:
    return node.sentence if isinstance(node, tree.Charge | tree.Pool | tree.Limit) else None
