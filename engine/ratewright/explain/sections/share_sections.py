"""What accounts that are billed together used of each meter, and their parts of what it came to."""

from __future__ import annotations

from ratewright.explain.document import Figure, Row, Section
from ratewright.explain.rows.line_rows import money
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import clean, phrase, sentences
from ratewright.rating.bill import Bill


def share_sections(bill: Bill, say: Phrases) -> list[Section]:
    """The shares of the accounts that a bill is for, where there are several; none of one that used nothing."""
    rows = [
        Row(
            "share",
            share.meter.name,
            clean(share.account),
            Figure(share.quantity, share.meter.unit, say.quantity(share.quantity, share.meter.unit)),
            phrase("account_share", "row", share, say),
            money(share.amount, share.amount, say),
            (),
            share,
        )
        for share in bill.shares
        if share.quantity or share.amount
    ]
    if not rows:
        return []
    notes = tuple(sentences("why", "account_share", "normal", say))
    return [Section("shares", "", phrase("section", "shares"), rows=tuple(rows), notes=notes)]
