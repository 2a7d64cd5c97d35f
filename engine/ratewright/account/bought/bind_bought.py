"""Purchases, balances, grants, extensions and requests → what an account holds and asks for."""

from __future__ import annotations

from collections import Counter

from ratewright.account.binder import Binder
from ratewright.account.bought.bind_balances import Held, bind_balances
from ratewright.account.bought.bind_extensions import bind_extension
from ratewright.account.bought.bind_grants import bind_grants, grant_sizes
from ratewright.account.bought.bind_purchases import bind_purchase
from ratewright.account.bought.bind_requests import asked_later, bind_requests, lots_by_name
from ratewright.account.bought.bind_withdrawals import bind_withdrawals
from ratewright.account.bought.bought import Bought
from ratewright.account.bought.issuing import Issuer
from ratewright.account.settings.in_force import InForce
from ratewright.account.settings.setting_timeline import Settings
from ratewright.refusal import RatingError


def bind_bought(binder: Binder, settings: Settings, in_force: InForce) -> Bought:
    """Bind all of it; problems are reported in the binder."""
    bought = Bought(granted=dict(binder.usage.granted))
    issuer = Issuer(binder, settings, in_force, bought.holdings.filling)
    _purchases(binder, issuer, bought)
    held = Held(binder, issuer, bought.holdings)
    issuer.sizes = grant_sizes(binder)
    bind_balances(binder, held)
    bought.opened = frozenset(held.pools)
    bind_grants(binder, issuer, held)
    extensions = (bind_extension(extension, binder) for extension in binder.usage.extensions)
    bought.extensions = sorted((e for e in extensions if e is not None), key=lambda e: (e.start, e.extension.id))
    named = lots_by_name(binder.usage, [*bought.holdings.every(), *held.gone()])
    bought.requests = sorted(bind_requests(binder, named), key=lambda r: (r.at, r.asked, r.pause))
    bought.asked_later = asked_later(binder.usage, named)
    bought.withdrawals = sorted(bind_withdrawals(binder, held), key=lambda w: w.at)
    _check_ids(binder, bought)
    if bought.holdings.count > binder.limits.lots:
        binder.refuse_lots(bought.holdings.count, binder.place)
    return bought


def _purchases(binder: Binder, issuer: Issuer, bought: Bought) -> None:
    for purchase in binder.usage.purchases:
        count = bought.holdings.count + purchase.count
        if count > binder.limits.lots:
            binder.refuse_lots(count, purchase.place)
            break
        try:
            bound = bind_purchase(purchase, binder, issuer)
        except RatingError as error:
            binder.problems.found.extend(error.diagnostics)
            continue
        if bound is not None:
            bought.purchases.append(bound)
            for lot in bound.lots:
                bought.holdings.add(lot)
    bought.purchases.sort(key=lambda p: (p.at, p.purchase.id))


def _check_ids(binder: Binder, bought: Bought) -> None:
    """Bills, balances and requests call a lot by its id: no two lots may share one."""
    if not bought.purchases:
        return
    holders = Counter(lot.id for lot in bought.holdings.every())
    for bound in bought.purchases:
        shared = next((lot.id for lot in bound.lots if holders[lot.id] > 1), None)
        if shared is not None:
            binder.problems.add(
                "A105", f"another lot is called `{shared}` too", bound.purchase.place, "give the purchase another id"
            )
