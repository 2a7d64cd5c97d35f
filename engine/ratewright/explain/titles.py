"""What the reader calls things: titles in place of the names of the rule file, within formulas too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ratewright.explain.word_templates import clean
from ratewright.meaning import nodes as tree

_TOKEN = re.compile(r'"[^"]*"|\]\s*\.\s*(?P<column>[A-Za-z_]\w*)|(?P<word>[A-Za-z_]\w*)(?P<then>\s*[(\[])?')
_COMMENT = re.compile(r'"[^"\n]*"|#[^\n]*')
_SIMPLE = re.compile(r"[^\W\d_]+( [^\W\d_]+)*")
_AFTER_FIGURE = re.compile(r"\d\s*$")  # there a word is a unit, whatever else is called so
_OPERATORS = frozenset("and or not if then else of to in on at per each where since".split())
_Declared = tree.Setting | tree.Meter | tree.Pool | tree.Charge | tree.Limit
_NO_SUMS: Mapping[str, str] = {}


def title_of(node: object) -> str:
    """A declaration's title, or its name as plain words."""
    title: str = getattr(node, "title", "")
    name: str = getattr(node, "name", "")
    return clean(title or plain_words(name))


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
            kinds.setdefault(title_of(node).casefold(), []).append(kind)
        self._titles: dict[str, tuple[str, str]] = {}
        for node, kind in declared:
            alike, name = kinds[title_of(node).casefold()], clean(node.name)
            apart = "" if len(alike) == 1 else kind if alike.count(kind) == 1 else plain_words(name)
            self._titles[name] = title_of(node), f" ({apart})" if apart else ""
        self._kept = frozenset((*tariff.units, *_choices(tariff)))

    def of(self, name: str, sums: Mapping[str, str] = _NO_SUMS) -> str:
        """What something that a formula reads is called; of a table also the keys: `call price [EU]`.

        `sums` are names that mean something of their own in the formula.
        """
        if name in sums:
            return sums[name]
        if name in self._titles:
            return "".join(self._titles[name])
        table, bracket, rest = name.partition("[")
        if not bracket:
            return clean(self.formula(name, sums))
        keys, _, column = rest.rpartition("]")
        return clean(f"{plain_words(table)} [{keys}] {plain_words(column.lstrip('.'))}".rstrip())

    def formula(self, text: str, sums: Mapping[str, str] = _NO_SUMS) -> str:
        """A formula as the rule file writes it, with titles in place of names."""

        def told(found: re.Match[str]) -> str:
            column, word, then = found["column"], found["word"], found["then"] or ""
            if column is not None:
                return f"] {plain_words(column)}"
            if word is None or then.endswith("("):
                return found[0]
            if then:
                return f"{plain_words(word)} ["
            if word in sums:
                return sums[word]
            if word not in self._titles or _AFTER_FIGURE.search(found.string[: found.start()]):
                return word if word in self._kept else plain_words(word)
            title, apart = self._titles[word]
            return (title if title == plain_words(word) else _set_apart(title)) + apart

        if text.strip() in self._titles and text.strip() not in sums:
            return "".join(self._titles[text.strip()])  # alone it needs no marks
        return _TOKEN.sub(told, " ".join(without_comments(text).split()))

    def filled(self, text: str) -> str:
        """A formula with values put in: what is left of names in it is that of series, and of tables."""
        if "[" in text and text.partition("[")[0].isidentifier() and text.count("[") == 1:
            return self.of(text)

        def told(found: re.Match[str]) -> str:
            word = found["word"]
            plain = word is None or found["then"] or word in self._kept
            return found[0] if plain else plain_words(word)

        return _TOKEN.sub(told, text)


def _set_apart(title: str) -> str:
    """A title within a formula, in quotation marks where it could be read as a part of it."""
    if _SIMPLE.fullmatch(title) and not _OPERATORS & set(title.split()):
        return title
    return f"\N{LEFT SINGLE QUOTATION MARK}{title}\N{RIGHT SINGLE QUOTATION MARK}"


def _declared(tariff: tree.Tariff) -> Iterator[tuple[_Declared, str]]:
    """What a formula may name, with its kind."""
    yield from ((setting, "setting") for setting in tariff.settings.values())
    yield from ((meter, "usage") for meter in tariff.meters.values())
    yield from ((pool, pool.kind.value) for pool in tariff.pools.values())
    yield from ((charge, charge.word.value) for charge in tariff.charges.values())
    yield from ((limit, "limit") for limit in tariff.limits.values())


def _choices(tariff: tree.Tariff) -> Iterator[str]:
    """Values that are words: they stay as the account's data have them."""
    for setting in tariff.settings.values():
        yield from setting.type.choices
    for meter in tariff.meters.values():
        for told in (*(field.type for field in meter.fields), *(tag.type for tag in meter.tags)):
            yield from told.choices
