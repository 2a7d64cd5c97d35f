"""Random grants and packages, and the order in which they pay for a meter."""

from __future__ import annotations

from dataclasses import replace

from tests.reference.cases import Draft, Meter
from tests.reference.random_lines import WINDOWS

WITHIN = ("7 days", "1 month", "48 hours", "2 weeks")
CONDITIONS = (
    "unused",
    "not unused",
    "refunds_before < 1",
    "refunds_before == 1 and not pro",
    "refunds_before(account) == 0",
    "drawn < size / 2",
    "paid < list_price",
    "request - purchase < 48 hours",
    "request < start of month(purchase) + 45 days",
    "days(request, expiry) > 20",
    "request >= end of month(purchase)",
    "plan != free or unused",
)
"""What a refund may ask beside how much was drawn."""


def add_pools(draft: Draft, meter: Meter) -> None:
    """The quotas of a meter, and its chain."""
    if draft.maybe(0.45):
        return
    chain: list[str] = []
    draws_before = ""
    for index in range(draft.pick(1, 1, 2, 3)):
        name = f"q{meter.name[1:]}{index}"
        if not chain and draft.maybe(0.25) and (shared := _shared(draft, meter)):
            chain.append(shared)
            draws_before = "another's"
            continue
        grant = draft.maybe(0.5)
        scope = meter.kept and draft.maybe(0.3)
        draws = "" if grant else _draws(draft)
        (_add_grant if grant else _add_package)(draft, name, meter, scope, draws)
        if chain and draws == draws_before and draft.maybe(0.4) and not _both_overdraw(draft, chain[-1], name):
            chain[-1] += f", {name}"
        else:
            chain.append(name)
        draws_before = draws
    draft.chains[meter.name] = chain
    meter.covered = True


def _shared(draft: Draft, meter: Meter) -> str | None:
    """A quota of another meter, which covers this one too from now on."""
    names = {name for other in draft.meters if _alike(other, meter) for name in draft.chains.get(other.name, ())}
    for index, part in enumerate(draft.parts):
        word, _, name = part.head.partition(" ")
        if word in ("grant", "package") and name in names and "scope region" not in part.statements:
            covers, *rest = part.statements
            draft.parts[index] = replace(part, statements=(f"{covers}, {meter.name}{draft.pick('', ' at 2')}", *rest))
            return name
    return None


def order_of(draft: Draft, name: str) -> str:
    """Which usage of a meter is served first, where that may matter."""
    meter = next((each for each in draft.meters if each.name == name), None)
    pools = _pools(draft, name)
    told = [each for part in draft.parts if part.head.partition(" ")[2] in pools for each in part.statements]
    if meter is None or not (meter.kept or any("class" in each for each in told)):
        return ""
    periods = {draft.cadences[each] for each in draft.charges.get(name, ())}
    waits = len(periods) <= 1 and not periods & {"every record", "every reading", *WINDOWS}
    shared = any(pools & _pools(draft, other) for other in draft.chains if other != name)
    if not waits or shared or any(each.startswith(("rolls", "overdraws", "refund")) for each in told):
        return ""
    order = draft.pick("", "region", "class", "class, region") if meter.summed else draft.pick("", "region")
    return f" in order of {order}" if order else ""


def fill_pools(draft: Draft) -> None:
    """Let what some meters measure fill quotas of others, where the charges behind them wait for it."""
    for name in draft.chains:
        meter = next((each for each in draft.meters if each.name == name), None)
        if meter is None or not meter.summed or not _waits(draft, name) or not draft.maybe(0.4):
            continue
        others = [each.name for each in draft.meters if each.unit == meter.unit and each.summed]
        for index, part in enumerate(draft.parts):
            kind, _, pool = part.head.partition(" ")
            if kind == "grant" and pool in _pools(draft, name) and "scope region" not in part.statements:
                replaced = ("size", "rolls", "renews", "valid", "overdraws", "prorated")
                rest = [each for each in part.statements if not each.startswith(replaced)]
                size = f"size {draft.pick(*others)}{draft.pick('', ' * 50%')}"
                rolls = draft.pick("", "rolls over until end of quarter", _rolls(draft, meter))
                kept = (rest[0], size, "renews every month", rolls, *rest[1:])
                draft.parts[index] = replace(part, statements=tuple(each for each in kept if each))
                draft.sizes = [each for each in draft.sizes if each[0] != pool]


def _waits(draft: Draft, name: str) -> bool:
    """Whether a meter has charges, all of them billed every month at its end, and no quota with others."""
    charges = draft.charges.get(name, ())
    parts = [part for part in draft.parts if part.head.partition(" ")[2] in charges]
    monthly = {draft.cadences[each] for each in charges} == {"every month"}
    shared = any(_pools(draft, name) & _pools(draft, other) for other in draft.chains if other != name)
    return monthly and not shared and not any(each.startswith("billed") for part in parts for each in part.statements)


def _pools(draft: Draft, name: str) -> set[str]:
    return {pool for rank in draft.chains[name] for pool in rank.split(", ")}


def _alike(other: Meter, meter: Meter) -> bool:
    return other is not meter and other.summed and meter.summed and other.unit == meter.unit


def _common(draft: Draft, meter: Meter, scope: bool) -> tuple[str, str, str]:
    ratio = draft.pick("", "", "", "", " at 2", " at 1 / 3", " at 0.5", " at (if pro then 2 else 1)")
    if meter.summed and draft.maybe(0.3):
        ratio = " at (if class == big then 2 else 1)"
    when = draft.pick("", "", "", "", "when pro", "when plan == pro_plan")
    return f"covers {meter.name}{ratio}", "scope region" if scope else "", when


def _add_grant(draft: Draft, name: str, meter: Meter, scope: bool, draws: str) -> None:
    covers, scoped, when = _common(draft, meter, scope)
    size = draft.pick(f"size {draft.number(1, 60)} {meter.unit}", "size per account")
    if meter.unit == "pics" and draft.maybe(0.2):
        size = "size base * 2"
    if size == "size per account" and draft.maybe(0.8):
        draft.sizes.append((name, f"{draft.number(1, 50)} {meter.unit}"))
    often = draft.pick("month on day 15", "month on day 31", "month from activation", "6 hours", "quarter")
    renews = draft.pick("", "", "month", "month", "day", "week", often)
    valid = draft.pick(
        "", "", "1 month", "45 days", "until 2026-03-10", "until end of month(activation)", "1 month from activation"
    )
    if not meter.summed:  # a lot that begins or ends inside the period of a result is refused
        renews, valid = draft.pick("", "month"), ""
    draft.add(
        f"grant {name}",
        covers,
        size,
        "issued once on activation" if draft.maybe(0.3) else "",
        f"valid {valid}" if valid else "",
        f"renews every {renews}" if renews else "",
        "prorated by day" if renews and draft.maybe(0.3) else "",
        _rolls(draft, meter) if renews and draft.maybe(0.4) else "",
        f"overdraws up to {draft.number(1, 60)} {meter.unit}" if renews and draft.maybe(0.3) else "",
        draws,
        scoped,
        when,
    )


def _rolls(draft: Draft, meter: Meter) -> str:
    most = f"up to {draft.number(1, 80)} {meter.unit}"
    return f"rolls over {draft.pick('for 1 month', 'for 10 days', most, f'for 2 months {most}')}"


def _both_overdraw(draft: Draft, rank: str, name: str) -> bool:
    """Whether a pool of a rank overdraws, and another one does: it is not said which would."""
    able = {
        part.head.partition(" ")[2]
        for part in draft.parts
        if any(each.startswith("overdraws") for each in part.statements)
    }
    return name in able and not able.isdisjoint(rank.split(", "))


def _overdraws(draft: Draft, meter: Meter) -> str:
    return f"overdraws{draft.pick('', f' up to {draft.number(1, 60)} {meter.unit}')}"


def _add_package(draft: Draft, name: str, meter: Meter, scope: bool, draws: str) -> None:
    covers, scoped, when = _common(draft, meter, scope)
    unit = meter.unit
    sizes = [f"{count} {unit}" for count in draft.random.sample((5, 20, 50, 100), 2)]
    rows = [f"{each} {draft.cents()} USD" for each in sizes]
    if draft.maybe(0.3):
        rows += [f"below 1,000 {unit} 0.{draft.number(1, 99):02} USD/{meter.one}", "beyond not sold"]
        sizes.append(f"{draft.number(1, 200)} {unit}")
    valid = draft.pick(
        "",
        "1 month",
        "1 month from purchase",
        "20 days from start of day(purchase)",
        "until 2026-04-03",
        "from start of month(purchase) until end of month(purchase)",
    )
    often = draft.pick(
        "month", "week", "month from purchase", "week from purchase", "day", "6 hours", "month on day 31"
    )
    renews = often if draft.maybe(0.2) and meter.summed else ""
    if not meter.summed:
        valid = "2 months from start of month(purchase)"
        draft.from_months.add(name)
    draft.add(
        f"package {name}",
        covers,
        f"sizes {{ {'; '.join(rows)} }}",
        f"valid {valid}" if valid else "",
        f"renews every {renews}" if renews else "",
        "prorated by day" if renews and draft.maybe(0.3) else "",
        _rolls(draft, meter) if renews and draft.maybe(0.4) else "",
        _overdraws(draft, meter) if renews and draft.maybe(0.4) else "",
        draws,
        *(_refund(draft, unit, bool(valid)) for _ in range(draft.pick(0, 1, 2, 3))),
        scoped,
        when,
    )
    draft.packages[name] = sizes, scope


def _draws(draft: Draft) -> str:
    return draft.pick(
        "",
        "",
        "draws newest purchase",
        "draws largest remaining, newest purchase",
        "draws smallest remaining",
        "draws latest expiry, then smallest remaining",
        "draws soonest end, then oldest start",
        "draws latest end",
        "draws newest start, then soonest expiry",
        "draws narrowest scope, then soonest expiry",
        "draws widest scope, then oldest purchase",
    )


def _refund(draft: Draft, unit: str, ends: bool) -> str:
    rule = draft.pick(
        "in full",
        "never",
        "50% of paid",
        "max(paid - 1 USD, 0 USD)",
        "paid * (size - drawn) / size",
        "list_price",
        "list_price - min(list_price, 2 USD)",
        "paid * days(purchase, request) / 100",
        "paid * plan_fee[plan].share",
        "(if unused then paid else paid / 3)",
    )
    within = draft.pick("", "", *(f" within {each} of purchase" for each in WITHIN))
    condition = draft.pick("", "", *(f" if {each}" for each in CONDITIONS), f" if drawn <= {draft.number(0, 9)} {unit}")
    if "expiry" in condition and not ends and draft.maybe(0.9):
        condition = " if unused"
    return f"refund {rule}{'' if rule == 'never' else within + condition}"
