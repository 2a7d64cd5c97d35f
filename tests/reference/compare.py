"""The engine's bills and the evaluator's, in one form, and where they differ."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import ratewright
from ratewright.diagnostics import Source
from ratewright.usage import read
from tests.reference.account import Account, Balance
from tests.reference.bill import Bill, bills
from tests.reference.limits import Seen
from tests.reference.lines import TICK, Line
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import Rules
from tests.reference.values import Figure
from tests.reference.versions import read_list

SUMS = ("charges", "subtotal", "corrections", "total", "due")


@dataclass(frozen=True)
class Result:
    """The bills, or why there are none. `seen` has all of a bill that is compared."""

    refused: str | None
    seen: tuple[dict[str, Any], ...] = ()

    def text(self) -> str:
        if self.refused is not None:
            return f"refused: {self.refused}"
        return "\n".join(json.dumps(each, indent=1, default=str, sort_keys=True) for each in self.seen)


def fixture(account: Account) -> str:
    """The account as the text of a fixture, in JSON."""

    def at(instant: datetime) -> str:
        return f"{instant.isoformat()}Z"

    data: dict[str, Any] = {"account": "a"}
    if account.currency:
        data["currency"] = account.currency
    if account.activated:
        data["activated"] = at(account.activated)
    settings: dict[str, Any] = {}
    for name, start, value in account.settings:
        if start is None:
            settings[name] = value
        else:
            settings[name] = {**settings.get(name, {}), at(start): value}
    if settings:
        data["settings"] = settings
    if account.sizes:
        data["grants"] = [{"grant": name, "size": size} for name, size in account.sizes]
    data["purchases"] = [
        {"id": each.id, "package": each.package, "size": each.size, "count": each.count, "at": at(each.at)}
        | ({"paid": each.paid} if each.paid else {})
        | ({"with": dict(each.scope)} if each.scope else {})
        for each in account.purchases
    ]
    data["purchases"] += [
        {"id": each.id, "limit": each.limit, "extend": each.by, "term": each.term, "terms": each.terms,
         "from": at(each.at)}
        for each in account.extensions
    ]  # fmt: skip
    data["refunds"] = [{"purchase": each.purchase, "at": at(each.at)} for each in account.refunds]
    if account.withdrawals:
        data["withdrawals"] = [
            {each.kind: each.source, "quantity": each.quantity, "at": at(each.at), "reason": "a mistake"}
            | ({"with": dict(each.scope)} if each.scope else {})
            for each in account.withdrawals
        ]
    if account.pauses:
        data["pauses"] = [{"purchase": each.purchase, "at": at(each.at)} for each in account.pauses]
    if account.opening:
        data["opening"] = at(account.opening)
        data["balances"] = [_balance(each, at) for each in account.balances]
    if account.subaccounts:
        data["subaccounts"] = list(account.subaccounts)
    data["usage"] = []
    for record in account.records:
        when: dict[str, Any] = {"at": at(record.start)}
        if record.form == "event" and record.end:
            when["lasts"] = f"{int((record.end - record.start).total_seconds())} seconds"
        if record.form != "event":
            assert record.end is not None
            when = {"from": at(record.start), "to": at(record.end)}
        if record.form == "total":
            assert record.named is not None
            when = {"in": record.named}
        if record.reported:
            when["reported"] = at(record.reported)
        data["usage"].append({"meter": record.meter, **when, "quantity": record.quantity, **dict(record.fields)})
    data["usage"] += [
        {"meter": each.meter, "in": each.month, "measured": each.quantity, **dict(each.fields)}
        for each in account.results
    ]
    return json.dumps(data)


def _balance(told: Balance, at: Callable[[datetime], str]) -> dict[str, Any]:
    times = {name: getattr(told, name) for name in ("purchased", "starts", "expires")}
    others = ("lot", "size", "paid", "list_price", "drawn", "withdrawn")
    said = {told.kind: told.source, "remaining": told.remaining} | {name: getattr(told, name) for name in others}
    said |= {name: at(time) for name, time in times.items() if time} | {"with": dict(told.scope) or None}
    return {name: each for name, each in said.items() if each is not None}


@lru_cache(maxsize=4)
def _rules(texts: tuple[str, ...], currency: str | None, contracts: tuple[str, ...]) -> Rules:
    return read_list(texts, currency, contracts)


def engine(texts: tuple[str, ...], account: Account, months: list[str], contracts: tuple[str, ...] = ()) -> Result:
    """What the engine bills."""
    try:
        tariff = _loaded(texts, contracts)
        usage, problems = read(Source("a.json", fixture(account)))
        if usage is None:
            raise ratewright.RatewrightError(problems)
        statement = tariff.statement(usage, months[0], months[-1])
    except ratewright.RatewrightError as error:
        return Result(" | ".join(f"{each.code} {each.message}" for each in error.diagnostics))
    rules = _rules(texts, account.currency, ())
    seen: dict[str, dict[str, Any]] = {}
    for each in statement.bills:
        bill = json.loads(each.to_json())
        month = bill["period"]["start"][:7]
        seen[month] = _joined(seen.get(month), _engine_bill(bill, rules, under=bool(contracts)))
    return Result(None, tuple(seen.values()))


def _loaded(texts: tuple[str, ...], contracts: tuple[str, ...]) -> ratewright.Tariff:
    if len(texts) == 1 and not contracts:
        return ratewright.loads(texts[0])
    with tempfile.TemporaryDirectory() as folder:

        def written(texts: tuple[str, ...], ending: str) -> list[Path]:
            paths = [Path(folder, f"file{number}.{ending}") for number in range(len(texts))]
            for path, text in zip(paths, texts, strict=True):
                path.write_text(text)
            return paths

        return ratewright.load_versions(*written(texts, "tariff")).under(*written(contracts, "contract"))


def _joined(first: dict[str, Any] | None, second: dict[str, Any]) -> dict[str, Any]:
    """The bills of one month by two lists, as one."""
    if first is None:
        return second
    both = {name: str(Fraction(first[name]) + Fraction(second[name])) for name in SUMS}
    for name in ("lines", "listed", "payments", "limits"):
        both[name] = sorted(first[name] + second[name])
    both["balances"] = second["balances"]
    unserved = [*first["unserved"].items(), *second["unserved"].items()]
    return both | {"unserved": _unserved((name, Fraction(amount)) for name, amount in unserved)}


def reference(texts: tuple[str, ...], account: Account, months: list[str], contracts: tuple[str, ...] = ()) -> Result:
    """What the evaluator bills. Raises NotCovered."""
    try:
        rules = _rules(texts, account.currency, contracts)
        return Result(None, tuple(_own_bill(each, rules) for each in bills(rules, account, months)))
    except Refused as error:
        return Result(str(error))


def _limit(told: dict[str, Any]) -> str:
    capacity = tuple((_utc(each["start"]), Fraction(each["capacity"])) for each in told["capacity"])
    figures = (told["tasks"], int(told["peak"]), told["waited"], told["stuck"], Fraction(told["waiting"]))
    return _seen(told["source"], Seen(*figures, capacity))


def _seen(name: str, seen: Seen) -> str:
    parts = (f"{capacity} from {at}" for at, capacity in seen.capacity)
    figures = f"{seen.tasks} tasks, peak {seen.peak}, {seen.waited} waited, {seen.stuck} stuck, {seen.waiting} s"
    return f"{name}: {figures}; {', '.join(parts)}"


def _number(text: str) -> Fraction:
    return Fraction(text.partition(" ")[0])


def _amount(figure: str, unit: str, units: Any) -> Fraction:
    scale = units.get(unit)
    return Fraction(figure) * (scale.number if scale else 1)


def _engine_bill(bill: dict[str, Any], rules: Rules, *, under: bool) -> dict[str, Any]:
    units = rules.units
    lines, listed, payments = [], [], {}
    for line in bill["lines"]:
        if line["kind"] == "correction":
            continue  # their sum is compared
        key = tuple(sorted(line.get("key", {}).items()))
        if line["kind"] == "payment":
            name = (line["source"], line["pays"] if isinstance(line["pays"], str) else line["pays"]["source"], key,
                    _utc(line["at"]) + TICK if "at" in line else _utc(line["period"]["end"]))  # fmt: skip
            payments[name] = payments.get(name, 0) - _number(line["amount"])
            continue
        period = line.get("period")
        at_once = "at" in line or not period
        span = (_utc(line["at"]),) * 2 if at_once else (_utc(period["start"]), _utc(period["end"]))
        quantity = _amount(line["quantity"], line["unit"], units)
        amount = _number(line["amount"])
        lines.append(_line(line["kind"], line["source"], key, span, quantity, _number(line["exact"]), amount))
        asked = line.get("list_amount") if "contract" in line else line["amount"]
        listed.append((line["kind"], line["source"], key, *span, amount, None if asked is None else _number(asked)))
    return {
        "lines": _merged(lines, under=under),
        "listed": _listed(listed, under=under),
        "payments": sorted(map(_text, ((*k, v) for k, v in payments.items()))),
        **{name: str(Fraction(bill.get(name, 0))) for name in SUMS},
        "balances": _balances((x["lot"], _amount(x["remaining"], x["unit"], units)) for x in bill["balances"]),
        "limits": sorted(map(_limit, bill["limits"])),
        "unserved": _unserved((x["meter"], _amount(x["quantity"], x["unit"], units)) for x in bill["unserved"]),
    }  # fmt: skip


def _own_bill(bill: Bill, rules: Rules) -> dict[str, Any]:
    lines = [_own_line(each) for each in bill.lines]
    return {
        "lines": _merged(lines, under=rules.contracts),
        "listed": _listed(map(_by_list, [*bill.lines, *bill.by_list_alone]), under=rules.contracts),
        "payments": sorted(_text((p.pool, p.pays, tuple(sorted(p.key)), p.end, p.amount)) for p in bill.payments),
        **{name: str(getattr(bill, name)) for name in SUMS},
        "balances": _balances(bill.balances.items()),
        "limits": sorted(_seen(name, each) for name, found in bill.limits.items() for each in found),
        "unserved": _unserved(bill.unserved.items()),
    }


def _own_line(line: Line) -> tuple[Any, ...]:
    start, end = line.span
    if end - start == TICK:
        end = start
    quantity = line.quantity or Figure(Fraction(0))
    return _line(
        line.kind, line.source, tuple(sorted(line.key)), (start, end), quantity.number, line.exact, line.amount
    )


def _line(kind: str, source: str, key: Any, span: Any, quantity: Fraction, exact: Fraction, amount: Fraction) -> Any:
    return (kind, source, key, span[0], span[1], quantity, exact, amount)


def _merged(lines: list[Any], *, under: bool) -> list[str]:
    """Lines as texts, without what the documents leave open: how one request's lots are spread over lines, and how
    much of a lot that renews is given back."""
    kept: list[Any] = []
    refunds: dict[Any, list[Any]] = {}
    for line in lines:
        *_, exact, amount = line
        if under and not exact and not amount:
            continue  # what a contract drops, and what is on that alone, stands there with what the list asks
        if line[0] == "refund":
            refunds.setdefault(line[:5], []).append((Fraction(0), exact, amount))
        else:
            kept.append(line)
    kept += [(*head, *map(sum, zip(*each, strict=True))) for head, each in refunds.items()]
    return sorted(map(_text, kept))


def _by_list(line: Line) -> tuple[Any, ...]:
    _, _, key, *span, _, _, amount = _own_line(line)
    return line.kind, line.source, key, *span, amount, line.listed


def _listed(lines: Iterable[Any], *, under: bool) -> list[str]:
    """What the list alone asks under contracts. Without lines of which both are nothing."""
    kept = (line for line in lines if under and line[0] != "refund" and (line[-2] or line[-1]))
    return sorted(map(_text, kept))


def _text(values: Any) -> str:
    return " | ".join(
        str(each) if not isinstance(each, tuple) else ", ".join("=".join(e) for e in each) for each in values
    )


def _balances(pairs: Any) -> dict[str, str]:
    found: dict[str, Fraction] = {}
    for lot, remaining in pairs:
        name = lot.partition("@")[0]
        found[name] = found.get(name, Fraction(0)) + remaining
    return {name: str(value) for name, value in sorted(found.items())}


def _unserved(pairs: Any) -> dict[str, str]:
    found: dict[str, Fraction] = {}
    for meter, quantity in pairs:
        found[meter] = found.get(meter, Fraction(0)) + quantity
    return {name: str(value) for name, value in sorted(found.items()) if value}


def _utc(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=None) - (at.utcoffset() or at - at)


def difference(mine: Result, theirs: Result) -> str | None:
    """Where the two differ, in words; None where they agree."""
    if (mine.refused is None) != (theirs.refused is None):
        return f"reference {mine.refused or 'bills'} / engine {theirs.refused or 'bills'}"
    for index, (a, b) in enumerate(zip(mine.seen, theirs.seen, strict=True)):
        for part in a:
            if part == "listed" and (a["payments"] or b["payments"]):
                continue  # what a quota of money would pay of the list's amounts is not claimed
            if a[part] != b[part]:
                return f"bill {index}, {part}: reference {_only(a[part], b[part])} / engine {_only(b[part], a[part])}"
    return None


def _only(a: Any, b: Any) -> Any:
    if isinstance(a, list):
        return [each for each in a if each not in b]
    if isinstance(a, dict):
        return {k: v for k, v in a.items() if b.get(k) != v}
    return a


__all__ = ["NotCovered", "Result", "difference", "engine", "fixture", "reference"]
