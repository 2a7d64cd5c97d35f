"""A list with titles in several languages: each bill has those of its own, and the same figures."""

from __future__ import annotations

import json
import re

import pytest

from ratewright.explain.render import DETAILS, render
from tests.explain.bills import rated
from tests.explain.test_languages import machine

SEVERAL = """
tariff calls "Calls" de "Anrufe GmbH" { currency USD;  timezone "UTC" }
unit call, calls
meter    made "calls made" de "Anrufe" in calls
grant    free "free calls" de "Freianrufe" { covers made;  size 10 calls;  issued once on activation;  valid 1 year }
charge   fee "call fee" de "Anrufgebühr" { on made;  every month;  rate 0.02 USD/call }
discount loyal "for loyalty" de "Treue" { on fee;  rate 10% }
tax      vat "VAT" { on subtotal;  rate 19% }
deduct   made from free > fee
"""
ACCOUNT = (
    "account: a\ntimezone: UTC\nactivated: 2026-03-01T00:00:00Z\nusage: [{meter: made, in: 2026-03, quantity: 110}]\n"
)


def of_several(language: str, detail="full", format="text") -> str:
    told = render(rated(SEVERAL, "calls.tariff", ACCOUNT, (2026, 3))[0], format, detail, language=language)
    return told if format == "json" else re.split("The rules, as|Die Regeln im|规则原文", told)[0]  # which are quoted


@pytest.mark.parametrize("detail", DETAILS)
def test_a_bill_has_the_titles_of_its_language(detail) -> None:
    german, english = of_several("de", detail), of_several("en", detail)
    for own, other in (("Anrufe GmbH", "Calls"), ("Anrufe", "calls made"), ("Anrufgebühr", "call fee"),
                       ("Treue", "for loyalty")):  # fmt: skip
        assert own in german and own not in english
        assert other in english and other not in german
    assert "VAT" in german  # which has no other title
    assert of_several("zh-Hans", detail).count("call fee") == english.count("call fee")


def test_titles_in_other_languages_change_no_figure() -> None:
    without = re.sub(r' de "[^"]*"', "", SEVERAL)
    plain_list = render(rated(without, "calls.tariff", ACCOUNT, (2026, 3))[0], "text", "full")
    assert of_several("en") == plain_list.split("The rules, as")[0]
    told = [json.loads(of_several(own, "full", "json")) for own in ("en", "de")]
    assert list(machine(told[0])) == list(machine(told[1]))
