"""A document as plain data, for pages that extend the built-in ones in a process of their own."""

from __future__ import annotations

from typing import Any

from ratewright.explain.document import Table

_COMPUTED = frozenset(("node", "value", "unit", "amount", "exact", "of"))
"""What the figures were made from: a page has their texts."""


def plain_document(part: Any) -> Any:
    """A document or a part of it as dicts, lists and texts."""
    if isinstance(part, Table):  # its cells no longer say which are figures
        return {**_plain_fields(part), "columns": list(part.columns)}
    if hasattr(part, "_asdict"):
        return _plain_fields(part)
    if isinstance(part, tuple | list):
        return [plain_document(each) for each in part]
    return part if part is None or isinstance(part, str | bool | int) else str(part)


def _plain_fields(part: Any) -> dict[str, Any]:
    return {name: plain_document(value) for name, value in part._asdict().items() if name not in _COMPUTED}
