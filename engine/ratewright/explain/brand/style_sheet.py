"""A style sheet of others, looked at by what CSS reads: it may fetch nothing.

In: its text. Out: the places that would fetch. Comments and strings are passed over, and escapes read, as browsers do
(CSS Syntax Level 3, section 4.3): `\\75rl(x)` is `url(x)`, and `"url(x)"` is a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|([^\r\n\f]))")
_NAME = r"(?:[\w-]|[^\x00-\x7f]|\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\r\n\f])?|[^0-9a-fA-F\r\n\f]))+"
_STRING = r"\"(?:[^\"\\\r\n\f]|\\(?:\r\n|[\s\S]))*\"?|'(?:[^'\\\r\n\f]|\\(?:\r\n|[\s\S]))*'?"
_TOKEN = re.compile(
    rf"(?P<comment>/\*[\s\S]*?(?:\*/|\Z))"
    rf"|(?P<string>{_STRING})"
    rf"|@(?P<rule>{_NAME})"
    rf"|(?P<function>{_NAME})\("
    rf"|(?P<name>{_NAME})"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])",
    re.ASCII,
)
_ADDRESS = re.compile(r"\s*(?:(?P<string>[\"'])|(?P<plain>[^\s\"')]*))")
_TEXTS_ARE_ADDRESSES = frozenset(("image-set", "-webkit-image-set", "image", "src"))
_RULES = frozenset(("import",))


def fetches(text: str) -> Iterator[tuple[int, str]]:
    """Where a style sheet would fetch: the offset, and what stands there."""
    inside: list[str] = []
    position = 0
    while (found := _TOKEN.search(text, position)) is not None:
        position = found.end()
        if (rule := found["rule"]) is not None and _plain(rule) in _RULES:
            yield found.start(), f"@{_plain(rule)}"
        elif found["open"]:
            inside.append("")
        elif found["close"]:
            inside[-1:] = []
        elif (string := found["string"]) is not None:
            if inside and inside[-1] in _TEXTS_ARE_ADDRESSES and not _is_data(_plain(string[1:])):
                yield found.start(), _shown(string)
        elif (function := found["function"]) is not None:
            name = _plain(function)
            inside.append(name)
            if name == "url":
                address = _ADDRESS.match(text, position)
                assert address is not None
                quoted = address["string"]
                if quoted:
                    whole = _TOKEN.match(text, address.start("string"))
                    assert whole is not None
                    named, position = whole[0][1:].removesuffix(quoted), whole.end()
                else:
                    named = address["plain"]
                    position = _end_of_url(text, position)
                if not _is_data(_plain(named)):
                    yield found.start(), _shown(f"url({named})")


def _end_of_url(text: str, position: int) -> int:
    """Where an address without quotes ends: before its bracket, which is read as any other."""
    found = re.compile(r"(?:[^)\\]|\\[\s\S])*").match(text, position)
    return found.end() if found is not None else position


def _plain(name: str) -> str:
    """A name with its escapes read, in small letters."""
    return _ESCAPE.sub(_character, name).lower()


def _character(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0 < code <= 0x10FFFF else "\ufffd"


def _is_data(address: str) -> bool:
    """Whether an address brings what it names; one within the page (`#shape`) does, too."""
    return address.strip().startswith(("data:", "#"))


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
