"""What the reader calls things: titles in place of the names of the rule file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ratewright.explain.wording.word_templates import clean, wording
from ratewright.meaning import nodes as tree
from ratewright.values.writing import ENGLISH, writing

_COMMENT = re.compile(r'"[^"\n]*"|#[^\n]*')
_Declared = tree.Setting | tree.Meter | tree.Pool | tree.Charge | tree.Limit


def title_of(node: object, tariff: tree.Tariff) -> str:
    """A declaration's title in the language of now, or as the file has it; or its name as plain words."""
    title: str = getattr(node, "title", "")
    name: str = getattr(node, "name", "")
    own = tariff.titles.get("" if isinstance(node, tree.Tariff) else name, {}) if tariff.titles else {}
    return clean(own.get(writing().language) or title or plain_words(name))


def without_comments(text: str) -> str:
    """What a rule file says in some lines, without the comments that stand behind them."""
    return _COMMENT.sub(lambda found: found[0] if found[0].startswith('"') else "", text) if "#" in text else text


def plain_words(name: str) -> str:
    """`call_fee` as `call fee`."""
    return name.replace("_", " ")


class Names:
    """The titles of one price list. What shares its title with something else is told apart by its kind."""

    def __init__(self, tariff: tree.Tariff) -> None:
        declared = list(_declared(tariff))
        kinds: dict[str, list[str]] = {}
        for node, kind in declared:
            kinds.setdefault(title_of(node, tariff).casefold(), []).append(kind)
        self._titles: dict[str, tuple[str, str]] = {}
        for node, kind in declared:
            alike, name = kinds[title_of(node, tariff).casefold()], clean(node.name)
            unlike = len(alike) > 1 and alike.count(kind) == 1
            apart = "" if len(alike) == 1 else wording("reading", "kind", kind) if unlike else plain_words(name)
            self._titles[name] = title_of(node, tariff), f" ({apart})" if apart else ""

    def title(self, name: str) -> str:
        """What the list calls something that is declared by this name; nothing for another name."""
        return self._titles[name][0] if name in self._titles else ""

    def of(self, name: str) -> str:
        """What something that a formula reads is called; of a table also the keys: `call price [EU]`. What shares its
        title with something else is told apart."""
        table, bracket, rest = name.partition("[")
        if not bracket or not table.isidentifier():  # a name, or a formula with a table in it
            own = "".join(self._titles.get(name, ())) or _known(name)
            return own or clean(plain_words(name) if name.isidentifier() else name)
        keys, _, column = rest.rpartition("]")
        return clean(f"{plain_words(table)} [{keys}] {plain_words(column.lstrip('.'))}".rstrip())


def _known(name: str) -> str:
    """What another language calls something that every rule file may name: `subtotal`; else nothing."""
    return "" if writing() is ENGLISH else wording("reading", "known", name)


def _declared(tariff: tree.Tariff) -> Iterator[tuple[_Declared, str]]:
    """What a formula may name, with its kind."""
    yield from ((setting, "setting") for setting in tariff.settings.values())
    yield from ((meter, "usage") for meter in tariff.meters.values())
    yield from ((pool, pool.kind.value) for pool in tariff.pools.values())
    yield from ((charge, charge.word.value) for charge in tariff.charges.values())
    yield from ((limit, "limit") for limit in tariff.limits.values())
