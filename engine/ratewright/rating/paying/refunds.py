"""Requests to give money back or to pause a package, each decided by the first rule that fits."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace
from whenever import Instant

from ratewright.account.bought.bought import BoundRequest
from ratewright.account.settings.setting_timeline import Settings
from ratewright.derivation.trace import Arithmetic, PauseTrace, RefundTrace, RuleTried
from ratewright.derivation.worked import Worked
from ratewright.meaning import nodes as tree
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Lot
from ratewright.rating.rounding import rounded
from ratewright.refusal import later, stop
from ratewright.values.calendar import moment_text
from ratewright.values.exact import Exact, exact


def decide_pause(request: BoundRequest) -> PauseTrace:
    """A request to put a package on hold: there is no rule that allows it."""
    return PauseTrace(request.pool, request.asked, request.at, request.pool.pause, request.place)


def decide_refund(
    request: BoundRequest, tariff: tree.Tariff, settings: Settings, granted: Mapping[str, int]
) -> list[RefundTrace]:
    """Decide for each lot, by how many requests for each package were `granted` before; lots decided alike come
    together. Granted lots are closed."""
    decided: dict[tuple[object, ...], RefundTrace] = {}
    for lot in request.lots:
        trace = _decide_lot(request, lot, settings, granted)
        key = (
            trace.granted,
            trace.already,
            tuple((t.rule.span.start, t.failed, () if trace.granted else t.readings) for t in trace.tried),
            _amount_of_one(trace),
        )
        same = decided.get(key)
        if same is not None:
            trace = replace(
                same,
                lots=same.lots + trace.lots,
                tried=tuple(map(_read_by_both, same.tried, trace.tried)),
                size=exact(same.size + trace.size),
                drawn=exact(same.drawn + trace.drawn),
                paid=exact(same.paid + trace.paid),
                amount=exact(same.amount + trace.amount),
                returned=exact(same.returned + trace.returned),
            )
        decided[key] = trace
    return [_rounded(trace, tariff) for trace in decided.values()]


def _read_by_both(one: RuleTried, other: RuleTried) -> RuleTried:
    """A rule as it was tried for two lots: what it read is told where it was the same."""
    return one if one.readings == other.readings else replace(one, asked=None)


def _amount_of_one(trace: RefundTrace) -> Exact | None:
    """What tells lots apart that one rule fits: the amount that its formula gives. In full each gives back its own
    share, which differ where what was paid is no whole number of steps for each."""
    rule = trace.tried[-1].rule if trace.granted else None
    return trace.amount if rule is not None and rule.formula is not None else None


def _rounded(trace: RefundTrace, tariff: tree.Tariff) -> RefundTrace:
    if not trace.granted:
        return trace
    rounding = rounded(trace.amount, tariff.rounding)
    return replace(trace, amount=rounding.after, rounding=rounding)


def _decide_lot(
    request: BoundRequest, lot: Lot | Renewing, settings: Settings, before: Mapping[str, int]
) -> RefundTrace:
    calendar = settings.calendar
    if lot.total_meets(request.at):
        raise stop(
            "A304",
            f"a refund of lot `{lot.id}` is asked for on {moment_text(request.at, calendar)}, inside a total that drew "
            "from it: whether it was unused by then is not known",
            request.place.span,
            "split the total at that time, or give the records themselves",
        )
    already = lot.refunded_at is not None
    tried: list[RuleTried] = []
    granted: tree.RefundRule | None = None
    values = _facts(lot, request.at, before)
    for rule in () if already else request.pool.refunds:
        failed, deadline, asked = _asks(rule, lot, request.at, settings, values)
        tried.append(RuleTried(rule, failed, deadline, asked))
        if failed is None:
            granted = rule
        if failed is None or failed == "never":
            break
    drawn = lot.drawn
    amount: Exact = 0
    how: Arithmetic | None = None
    if granted is not None:
        amount, how = _amount(granted, lot, request.at, settings, values)
        lot.give_back(request.at)
    return RefundTrace(
        request.pool,
        request.asked,
        lot.purchased or request.at,
        request.at,
        (lot.id,),
        lot.size,
        drawn,
        lot.paid,
        tuple(tried),
        granted is not None,
        already,
        amount,
        None,
        request.place,
        how,
        lot.refunded if granted is not None else 0,
    )


def _facts(lot: Lot | Renewing, at: Instant, before: Mapping[str, int]) -> dict[str, object]:
    return {
        "lot:paid": lot.paid,
        "lot:list_price": lot.listed,
        "lot:purchase": lot.purchased,
        "lot:request": at,
        "lot:expiry": lot.expires or Instant.MAX,
        "lot:size": lot.size,
        "lot:drawn": lot.drawn,
        "lot:unused": lot.drawn == 0,
        "lot:refunds_before": before.get(lot.pool.name, 0),
        "lot:refunds_before(account)": sum(before.values()),
    }


def _asks(
    rule: tree.RefundRule, lot: Lot | Renewing, at: Instant, settings: Settings, values: dict[str, object]
) -> tuple[str | None, Instant | None, Arithmetic | None]:
    """Why the rule does not fit (`never`, `late`, `condition`), or None; its deadline; and its condition worked out.
    The last instant counts."""
    deadline = None
    if rule.within is not None and lot.purchased is not None:
        deadline = later(settings.calendar, lot.purchased, rule.within, rule.span)
    if rule.form is tree.RefundForm.NEVER:
        return "never", deadline, None
    if deadline is not None and at > deadline:
        return "late", deadline, None
    if rule.condition is None:
        return None, deadline, None
    asked = _worked(rule.condition, at, settings, values)
    return None if asked.value else "condition", deadline, asked


def _worked(expression: tree.Expression, at: Instant, settings: Settings, values: dict[str, object]) -> Worked:
    """What a rule comes to for a lot, by the settings of the request. Raises RatingError."""
    return settings.reader.worked(expression, {**settings.values_at(expression, at, expression.span), **values})


def _amount(
    rule: tree.RefundRule, lot: Lot | Renewing, at: Instant, settings: Settings, values: dict[str, object]
) -> tuple[Exact, Arithmetic | None]:
    """What is given back for a lot, with the arithmetic of a formula."""
    if rule.formula is None:
        return lot.paid, None
    how = _worked(rule.formula, at, settings, values)
    amount: Exact = how.value
    if amount < 0:
        raise stop(
            "A501",
            f"the refund of lot `{lot.id}` comes out below 0",
            rule.span,
            "say what holds then: `max(…, 0 USD)`, or another `refund` rule",
        )
    return amount, how
