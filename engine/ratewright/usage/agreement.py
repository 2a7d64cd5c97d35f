"""What the parts of an account say about each other: ids, lots, refunds, settings."""

from __future__ import annotations

from collections import Counter, defaultdict

from ratewright.diagnostics import did_you_mean
from ratewright.limits import Limits
from ratewright.usage import codes
from ratewright.usage.findings import Findings
from ratewright.usage.model import Place, Usage, field_text
from ratewright.values.calendar import Moment
from ratewright.values.lot_names import LotName, parse


def check_agreement(usage: Usage, limits: Limits, findings: Findings) -> None:
    """Add to `findings` what is said twice, or speaks of something that is not there."""
    ids = _ids(usage, findings)
    _requests(usage, ids, findings)
    _grants(usage, findings)
    _settings(usage, findings)
    _subaccounts(usage, findings)
    _lots(usage, limits, findings)


def _ids(usage: Usage, findings: Findings) -> dict[str, Place]:
    """Every id that a request may name: purchases, their single lots, and lots of the balances."""
    bought = [(p.id, p.place) for p in usage.purchases] + [(e.id, e.place) for e in usage.extensions]
    purchases = _unique(sorted(bought, key=lambda pair: pair[1].line), findings)
    balances = _unique([(b.lot, b.place) for b in usage.balances if b.lot is not None], findings)
    asked_for = _lots_asked_for(usage)
    lots = {
        str(LotName(p.id, number)): p.place
        for p in usage.purchases
        if p.count > 1
        for number in asked_for.get(p.id, ())
        if number <= p.count
    }
    wholes = {name: place for lot, place in balances.items() for name in _wholes(lot)}
    return wholes | purchases | lots | balances


def _wholes(lot: str) -> tuple[str, ...]:
    """What a lot of the balances is a part of: `p1#2@2026-03-01` is a cycle of `p1#2`, and that a lot of `p1`."""
    name = parse(lot)
    return tuple(whole for whole in (str(name.whole), name.base) if whole != lot)


def _unique(named: list[tuple[str, Place]], findings: Findings) -> dict[str, Place]:
    seen: dict[str, Place] = {}
    for id, place in named:
        if (first := seen.setdefault(id, place)) is not place:
            findings.add(
                codes.DUPLICATE_ID,
                f"the id `{id}` is given twice",
                place.span,
                "give each an id of its own",
                also=(f"it is first given in {first.path}", first.span),
            )
    return seen


def _lots_asked_for(usage: Usage) -> dict[str, set[int]]:
    """The numbers of the single lots (`p1#2`) that requests name, by purchase."""
    found: dict[str, set[int]] = defaultdict(set)
    named = [request.purchase for request in (*usage.refunds, *usage.pauses)]
    named += [withdrawal.purchase for withdrawal in usage.withdrawals if withdrawal.purchase is not None]
    for name in map(parse, named):
        if name.number:
            found[name.base].add(name.number)
    return found


def _requests(usage: Usage, known: dict[str, Place], findings: Findings) -> None:
    for word, asked in (("refund", usage.refunds), ("pause", usage.pauses), ("withdrawal", usage.withdrawals)):
        for purchase, place in ((each.purchase, each.place) for each in asked):
            if purchase is not None and purchase not in known:
                findings.add(
                    codes.NEVER_BOUGHT,
                    f"{word} of something never bought: `{purchase}`",
                    place.span,
                    did_you_mean(purchase, list(known)) or "name the `id` of a purchase, or the `lot` of a balance",
                )


def _grants(usage: Usage, findings: Findings) -> None:
    seen: dict[tuple[str, frozenset[tuple[str, str]]], Place] = {}
    for grant in usage.grants:
        scope = frozenset((name, field_text(value)) for name, value in grant.attributes.items())
        if (first := seen.setdefault((grant.grant, scope), grant.place)) is not grant.place:
            findings.add(
                codes.GRANT_TWICE,
                f"the grant `{grant.grant}` has two sizes",
                grant.place.span,
                "keep one of the two, or say for which usage each is: `with: {region: EU}`",
                also=("the other is here", first.span),
            )


def _settings(usage: Usage, findings: Findings) -> None:
    seen: dict[tuple[str, Moment | None], Place] = {}
    for change in usage.settings:
        if (first := seen.setdefault((change.setting, change.at), change.place)) is not change.place:
            findings.add(
                codes.SETTING_TWICE,
                f"the setting `{change.setting}` has two values from one moment on",
                change.place.span,
                "keep one of the two; times with different offsets may be the same instant",
                also=("the other is here", first.span),
            )


def _subaccounts(usage: Usage, findings: Findings) -> None:
    place = Place(usage.source, 1)
    for name, count in Counter(usage.subaccounts).items():
        if count > 1:
            findings.add(codes.SUBACCOUNT_TWICE, f"the subaccount `{name}` is listed twice", place.span, "list it once")
        if name == usage.account:
            findings.add(
                codes.SUBACCOUNT_TWICE,
                f"`{name}` is the account itself",
                place.span,
                "list only the accounts below it",
            )


def _lots(usage: Usage, limits: Limits, findings: Findings) -> None:
    lots = len(usage.balances)
    for purchase in usage.purchases:
        lots += purchase.count
        if lots > limits.lots:
            findings.add(
                codes.TOO_MANY_LOTS,
                f"with `{purchase.id}` the account has {lots:,} lots, over the limit of {limits.lots:,}",
                purchase.place.span,
                "buy fewer of a larger size, or raise the limit with --max-lots",
            )
            return
