"""Formulas of a list in several currencies, as an account in euros reads them."""

import pytest

from ratewright.explain.wording.own_amounts import OwnAmounts

EUROS = OwnAmounts("EUR", ("USD", "EUR", "JPY"))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1.15 USD/call or 1.05 EUR/call", "1.05 EUR/call"),
        ("2% + (0.30 USD or 0.25 EUR or 40 JPY)", "2% + 0.25 EUR"),
        ("7,000 JPY/1,000 calls or 45 EUR/1,000 calls + 1 EUR", "45 EUR/1,000 calls + 1 EUR"),
        ("max(1 USD or 2 EUR, fee)", "max(2 EUR, fee)"),
        ("round up (1 USD or 2 EUR)", "round up (2 EUR)"),
        ("3 USD or 4 JPY", "3 USD or 4 JPY"),
        ("if currency == USD or currency == EUR then 1 else 2", "if currency == USD or currency == EUR then 1 else 2"),
    ],
)
def test_one_amount_is_told(written: str, told: str) -> None:
    assert EUROS.of(written) == told
    assert OwnAmounts("EUR", ("EUR",)).of(written) == written


def test_a_figure_in_currency_is_in_that_of_the_account() -> None:
    assert EUROS.named("max(5.00 EUR - 1, 0 currency)") == "max(5.00 EUR - 1, 0 EUR)"
    assert EUROS.named("rates[currency]") == "rates[currency]"
