"""Tables and formulas and what asks them: names that nothing uses, rows that nothing reaches."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.advice.words import listed
from ratewright.diagnostics import Diagnostic, Severity, did_you_mean
from ratewright.meaning import nodes as tree

_FEW = 8


def unused_names(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A warning for each formula, table and column that nothing names."""
    for use in tariff.uses.names:
        if use.used:
            continue
        if use.word == "define":
            yield Diagnostic(
                "C104",
                f"nothing uses the formula `{use.name}`",
                use.span,
                "use it, or delete it",
                Severity.WARNING,
            )
            continue
        what = f"column `{use.name}` of `{use.of}`" if use.word == "column" else f"table `{use.name}`"
        yield Diagnostic("C105", f"nothing looks up {what}", use.span, "look it up, or delete it", Severity.WARNING)


def unreached_rows(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A warning for each key of a table that no lookup can ask for."""
    for key in tariff.uses.unasked:
        asked = listed([f"`{name}`" for name in key.asked[:_FEW]], "or")
        more = ", or another" if len(key.asked) > _FEW else ""
        yield Diagnostic(
            "C106",
            f"no lookup reaches the row `{key.key}` of `{key.table}`: `{key.by}` is {asked}{more}",
            key.span,
            "delete it: each of these has a row of its own"
            if key.rest
            else did_you_mean(key.key, key.asked) or "delete it, or correct its name; `else` is the row for all others",
            Severity.WARNING,
        )
