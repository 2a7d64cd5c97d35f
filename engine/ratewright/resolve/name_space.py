"""The one space of names of a rule file."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.values.money import minor_digits
from ratewright.values.units import BYTES_BY_NAMES, Unit

RESERVED = {
    "activation": "the account's activation",
    "purchase": "the purchase of a lot",
    "quantity": "the quantity at hand",
    "times": "the record's quantity as a number",
    "at": "the instant of a record",
    "lasted": "the duration of a record",
    "period": "the period at hand",
    "total": "the total of the bill",
    "subtotal": "the sum of the lines less discounts",
    "charges": "the sum of the charges",
    "due": "what is left of the total",
}
"""Names with a meaning of their own, which nothing declared may take."""

THEMSELVES = frozenset(("end", "if", "not", "off", "on", "round", "start"))
"""Words that a formula takes for themselves, so that nothing it refers to may be called like them."""

_ASKED_BY_NAME = ("setting", "table", "define", "meter")
"""What is declared for formulas to name. Others may be called like any word, as long as no formula names them."""

_FEW = 8


def check_names(declarations: tuple[s.Declaration, ...], builtin: Mapping[str, Unit], report: Report) -> None:
    """Report every name that is declared twice or already means something."""
    seen: dict[str, s.Name] = {}
    titles: dict[str, s.Name] = {}  # an example's title is no name that anything could refer to
    for declaration in declarations:
        if isinstance(declaration, s.Deduct | s.Tariff):
            continue
        names = [declaration.name]
        plural = declaration.plural if isinstance(declaration, s.UnitDeclaration) else None
        if plural is not None and plural.text != declaration.name.text:
            names.append(plural)
        for name in names:
            _check_one(declaration, name, titles if declaration.word == "example" else seen, builtin, report)


def _check_one(
    declaration: s.Declaration,
    name: s.Name,
    seen: dict[str, s.Name],
    builtin: Mapping[str, Unit],
    report: Report,
) -> None:
    text = name.text
    first = seen.setdefault(text, name)
    if first is not name:
        help = (
            "give one of them another name" if declaration.word != "example" else "give each example a title of its own"
        )
        report.error("R202", f"`{text}` is declared twice", name.span, help, (("the first", first.span),))
    elif declaration.word == "example" or (declaration.word in _ASKED_BY_NAME and is_for_itself(name, report)):
        return
    elif text in RESERVED:
        report.error("R202", f"`{text}` already means {RESERVED[text]}", name.span, "choose another name")
    elif text in builtin or text in BYTES_BY_NAMES:
        report.error("R202", f"`{text}` is already a unit", name.span, "choose another name")
    elif minor_digits(text) is not None:
        report.error("R202", f"`{text}` is already a currency", name.span, "choose another name")


def is_for_itself(name: s.Name, report: Report) -> bool:
    """Whether a name is a word that formulas take for itself (reported)."""
    if name.text not in THEMSELVES:
        return False
    report.error("R202", f"`{name.text}` always means itself in a formula", name.span, "choose another name")
    return True


def taken_for_itself(text: str, report: Report) -> str:
    """What to write where a formula has `on` or `off` and means something that is declared; empty for other texts."""
    declared = report.declared.get(text) if text in THEMSELVES else None
    return f"`{text}` always means itself in a formula: give the {declared} another name" if declared else ""


def unknown(kind: str, name: s.Name, known: Mapping[str, object], report: Report) -> None:
    """Report a name of a kind that is not declared."""
    if name.text in report.lost:
        return
    other = report.declared.get(name.text)
    if other == kind:  # it has mistakes, which were reported
        return
    if other is not None:
        known_names = f"write one of {', '.join(f'`{k}`' for k in known)}" if 0 < len(known) <= _FEW else ""
        report.error("R201", f"`{name.text}` is a {other}, not a {kind}", name.span, known_names or f"name a {kind}")
        return
    help = report.close(name.text, list(known)) or f"declare it: `{kind} {name.text} …`"
    report.error("R201", f"there is no {kind} `{name.text}`", name.span, help)
