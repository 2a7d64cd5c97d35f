"""The rest of a bill as sections: limits, what was bought and given back, settings, what is left."""

from __future__ import annotations

from ratewright.derivation import trace
from ratewright.explain.document import Detail, Figure, Row, Section
from ratewright.explain.rows.line_rows import (
    extension_row,
    lines_of,
    money,
    pause_row,
    purchase_row,
    refund_row,
    rule_notes,
)
from ratewright.explain.rows.row_tables import grouped
from ratewright.explain.wording.own_sentences import limit_sentence
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.time_phrases import beside
from ratewright.explain.wording.word_templates import clean, marked, phrase, sentences
from ratewright.meaning.nodes import PoolKind
from ratewright.quota.balances import Balance
from ratewright.rating.bill import Bill, LineKind

_BALANCES_SHOWN = 10


def limit_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """Each limit with its capacity, what was added to it and how well it did."""
    rows: list[Row] = []
    for limit in bill.limits:
        added = [
            extension_row(line, line.why, say, detail)
            for line in bill.lines
            if isinstance(line.why, trace.ExtensionTrace) and line.source == limit.limit.name
        ]
        rows += [_limit_row(limit, say, detail), *added]
    known = {limit.limit.name for limit in bill.limits}
    rows += [
        extension_row(line, line.why, say, detail)
        for line in bill.lines
        if isinstance(line.why, trace.ExtensionTrace) and line.source not in known
    ]
    return [Section("limits", "", phrase("section", "limits"), rows=tuple(rows))] if rows else []


def _limit_row(limit: trace.LimitTrace, say: Phrases, detail: Detail) -> Row:
    declared, notes = limit.limit, limit_sentence(limit, say, detail)
    if len(limit.steps) > 1:
        for step in limit.steps:
            notes += sentences("why", "capacity_step", "normal", step, declared, say)
    notes += sentences("why", "limit", "normal", limit, say)
    for remedy in limit.remedies:
        notes += sentences("hint", "remedy", "normal", remedy, declared, say)
    if detail == "full":
        for remedy in limit.remedies:
            notes += sentences("more", "remedy", "full", remedy, declared, say)
        notes += rule_notes(declared.cite, declared.span, say)
    capacity = limit.steps[0].capacity if limit.steps else declared.default
    steady = len(limit.steps) <= 1
    return Row(
        "limit",
        declared.name,
        say.title(declared),
        Figure(capacity, declared.unit, say.quantity(capacity, declared.unit)) if steady else None,
        phrase("limit", "row", limit, say),
        money(0, 0, say),
        tuple(notes),
        limit,
    )


def purchase_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """What was bought in the period."""
    bought = [(line, line.why) for line in bill.lines if isinstance(line.why, trace.PurchaseTrace)]
    with marked():
        rows = [purchase_row(line, why, say, detail) for line, why in bought]
    section = Section("purchases", "", phrase("section", "purchases"), rows=tuple(rows))
    return [grouped(section, say, detail, added=True)] if rows else []


def refund_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """Requests for money back and to put something on hold, granted or refused."""
    rows: list[Row] = []
    for line in lines_of(bill, LineKind.REFUND):
        if isinstance(line.why, trace.RefundTrace):
            rows.append(refund_row(line.why, line, say, detail))
    pauses: list[Row] = []
    for refusal in bill.refusals:
        if isinstance(refusal, trace.RefundTrace):
            rows.append(refund_row(refusal, None, say, detail))
        else:
            pauses.append(pause_row(refusal, say, detail))
    sections = [Section("refunds", "", phrase("section", "refunds"), rows=tuple(rows))] if rows else []
    if pauses:
        sections.append(Section("pauses", "", phrase("section", "pauses"), rows=tuple(pauses)))
    return sections


def setting_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """The settings that changed in the period; for the full length all of them."""
    rows = []
    for setting, values in bill.settings:
        if detail == "full" or len(values) > 1:
            notes = rule_notes(setting.cite, setting.span, say) if detail == "full" else []
            how = phrase("setting", "row", values, say)
            rows.append(
                Row(
                    "setting",
                    setting.name,
                    say.title(setting),
                    None,
                    how,
                    None,
                    tuple(notes),
                    (setting, values),
                )
            )
    title = phrase("section", "settings" if detail == "full" else "settings_that_changed")
    return [Section("settings", "", title, rows=tuple(rows))] if rows else []


def _kept(balance: Balance, bill: Bill) -> bool:
    """Whether something is left of the period; what a grant gives anew in the next one is not."""
    pool = bill.tariff.pools[balance.source]
    anew = pool.kind is PoolKind.GRANT and pool.renews is not None and pool.rolls is None and not balance.repaid
    return balance.remaining != 0 and not (anew and balance.starts == bill.period.end)


def balance_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """What is left at the end of the period, lot by lot."""
    held = [b for b in bill.balances if _kept(b, bill)] if detail != "full" else list(bill.balances)
    if not held:
        return []
    with marked():
        rows = [
            Row(
                "balance",
                balance.source,
                beside(say.named(balance.source), clean(balance.lot)),
                Figure(balance.remaining, balance.unit, say.quantity(balance.remaining, balance.unit)),
                phrase("balance", "row", balance, say),
                None,
                (),
                balance,
            )
            for balance in held
        ]
    section = Section("balances", "", phrase("section", "balances"), rows=tuple(rows))
    made = grouped(section, say, detail, added=True)
    hidden = 0 if detail == "full" else max(len(made.rows) - _BALANCES_SHOWN, 0)
    if not hidden:
        return [made]
    notes = sentences("why", "balance", "more", hidden, say)
    shown, rest = made.rows[:_BALANCES_SHOWN], made.rows[_BALANCES_SHOWN:]
    return [made._replace(rows=shown, members=(*made.members, *rest), notes=tuple(notes))]
