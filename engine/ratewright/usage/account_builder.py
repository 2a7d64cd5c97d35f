"""From a document's tree to the `Usage` of its account: shape, records, then what must fit together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ratewright.diagnostics import Source
from ratewright.limits import Limits
from ratewright.usage import codes
from ratewright.usage.agreement import check_agreement
from ratewright.usage.amount_text import Amounts
from ratewright.usage.document_tree import Listing, Mapping, Node, Scalar, find, kind_of, path_text, span_of
from ratewright.usage.document_tree import Path as NodePath
from ratewright.usage.files import referred
from ratewright.usage.findings import Findings
from ratewright.usage.fixture_schema import ExpectModel, FixtureModel, PurchaseModel
from ratewright.usage.model import (
    Amount,
    Balance,
    ContractFile,
    Expectation,
    Extension,
    GrantSize,
    Place,
    Purchase,
    Record,
    Request,
    SettingChange,
    Usage,
    Withdrawal,
)
from ratewright.usage.moment_text import Moments
from ratewright.usage.problem import Problem
from ratewright.usage.record_lists import RecordLists
from ratewright.usage.schema_check import check_shape
from ratewright.usage.schema_values import Values, read_zone
from ratewright.values.calendar import calendar_of


def assemble(document: Node, source: Source, folder: Path, limits: Limits, findings: Findings) -> Usage | None:
    """The account of one document; `file:` entries are looked for in `folder`. None if anything is wrong."""
    before = len(findings)
    if not isinstance(document, Mapping):
        findings.add(
            codes.WRONG_SHAPE,
            f"a fixture is a mapping, and this is {kind_of(document)}",
            span_of(document, source),
            "begin with `account: ` and the account's name",
        )
        return None
    values = Values(Amounts(), _moments(document, limits))
    model = check_shape(document, values, source, findings)
    lists = RecordLists(document, source, folder, values, limits, findings)
    records = lists.read("usage")
    history = lists.read("history") if "history" in document.values else None
    if model is None:
        return None
    contracts = tuple(_contracts(model, document, source, folder, limits, findings))
    usage = replace(_Builder(document, source, model).usage(records, history), contracts=contracts)
    check_agreement(usage, limits, findings)
    return usage if len(findings) == before else None


def _contracts(
    model: FixtureModel, document: Mapping, source: Source, folder: Path, limits: Limits, findings: Findings
) -> Iterator[ContractFile]:
    """The files of contracts that the fixture names; they lie in its folder."""
    for number, text in enumerate(model.contract):
        node = document.values["contract"]
        span = span_of(node.items[number] if isinstance(node, Listing) else node, source)
        try:
            path = referred(text, folder, limits)
        except Problem as problem:
            findings.add_problem(problem, span)
            continue
        findings.files.note_streamed(path, str(folder / text))
        yield ContractFile(str(folder / text), str(path), Place(source, span.line, "contract"))


def _moments(document: Mapping, limits: Limits) -> Moments:
    zone = document.values.get("timezone")
    if not isinstance(zone, Scalar) or zone.null:
        return Moments(limits, None, forgiving=zone is not None)
    try:
        return Moments(limits, calendar_of(read_zone(zone.text)))
    except Problem:
        return Moments(limits, None, forgiving=True)


class _Builder:
    """Gives each part of the model its place in the file."""

    def __init__(self, document: Mapping, source: Source, model: FixtureModel) -> None:
        self._document = document
        self._source = source
        self._model = model

    def usage(self, records: tuple[Record, ...], history: tuple[Record, ...] | None) -> Usage:
        model = self._model
        return Usage(
            account=model.account,
            source=self._source,
            tariff=model.tariff,
            version=model.version,
            currency=model.currency,
            fields=tuple(model.bill.items()),
            activated=model.activated,
            opening=model.opening,
            subaccounts=tuple(model.subaccounts),
            settings=tuple(self._settings()),
            grants=tuple(
                GrantSize(g.grant, g.size, self._place("grants", i), g.attributes) for i, g in enumerate(model.grants)
            ),
            balances=tuple(self._balances()),
            purchases=tuple(self._purchases()),
            extensions=tuple(self._extensions()),
            refunds=tuple(Request(r.purchase, r.at, self._place("refunds", i)) for i, r in enumerate(model.refunds)),
            pauses=tuple(Request(p.purchase, p.at, self._place("pauses", i)) for i, p in enumerate(model.pauses)),
            withdrawals=tuple(self._withdrawals()),
            records=records,
            history=history,
            expectations=tuple(e for i, m in enumerate(model.expect) for e in self._expectations(i, m)),
            line=self._place("account").line,
        )

    def _place(self, *path: str | int) -> Place:
        parts: NodePath = path
        above = find(self._document, parts[:-1])
        key = above.keys.get(str(parts[-1])) if isinstance(above, Mapping) else None
        node = key or find(self._document, parts)
        return Place(self._source, self._source.line_of(node.start), path_text(parts))

    def _settings(self) -> list[SettingChange]:
        changes = []
        for name, value in self._model.settings.items():
            if not isinstance(value, dict):
                changes.append(SettingChange(name, value, None, self._place("settings", name)))
                continue
            for (key, moment), text in value.items():
                changes.append(SettingChange(name, text, moment, self._place("settings", name, key)))
        return changes

    def _balances(self) -> list[Balance]:
        return [
            Balance(
                source=balance.grant or balance.package or balance.source or "",
                remaining=_with_unit(balance.remaining, balance.unit),
                place=self._place("balances", index),
                lot=balance.lot,
                expires=balance.expires,
                starts=balance.starts,
                size=_with_unit(balance.size, balance.unit) if balance.size is not None else None,
                purchased=balance.purchased,
                paid=balance.paid,
                list_price=balance.list_price,
                attributes=balance.attributes,
                drawn=_with_unit(balance.drawn, balance.unit) if balance.drawn is not None else None,
                withdrawn=_with_unit(balance.withdrawn, balance.unit) if balance.withdrawn is not None else None,
                repaid=_with_unit(balance.repaid, balance.unit) if balance.repaid is not None else None,
                valid_from=balance.valid_from,
                valid_until=balance.valid_until,
            )
            for index, balance in enumerate(self._model.balances)
        ]

    def _purchases(self) -> list[Purchase]:
        return [
            Purchase(p.id, p.package, p.size, p.count, p.at, self._place("purchases", index), p.attributes, p.paid)
            for index, p in enumerate(self._model.purchases)
            if isinstance(p, PurchaseModel)
        ]

    def _extensions(self) -> list[Extension]:
        return [
            Extension(e.id, e.limit, e.extend, e.term, e.terms, e.start, self._place("purchases", index))
            for index, e in enumerate(self._model.purchases)
            if not isinstance(e, PurchaseModel)
        ]

    def _withdrawals(self) -> list[Withdrawal]:
        return [
            Withdrawal(
                w.quantity,
                w.at,
                self._place("withdrawals", index),
                pool=w.grant or w.package,
                purchase=w.purchase,
                reason=w.reason,
                attributes=w.attributes,
            )
            for index, w in enumerate(self._model.withdrawals)
        ]

    def _expectations(self, index: int, model: ExpectModel) -> list[Expectation]:
        start, end = model.ends
        return [
            Expectation(start, end, subject, text, self._place("expect", index, subject))
            for subject, text in model.figures.items()
        ]


def _with_unit(amount: Amount, unit: str | None) -> Amount:
    return amount if amount.unit is not None or unit is None else Amount(amount.number, unit)
