"""A case in one currency as a case in several: an amount for each, now and then one that is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from tests.reference.account import Account, Purchase, Record
from tests.reference.cases import Case, Declaration

CURRENCIES = ("USD", "EUR", "JPY", "KWD")
_AMOUNT = re.compile(r"(?<![\w.,])([0-9][0-9,.]*) USD((?:/| / )(?:[0-9,]+ )?\w+)?")
_SOLD = re.compile(r"(?<=[{;] )([0-9,]+) USD(?= [0-9])")
_BARE = re.compile(r"(amount|rate|minimum|maximum|eu|us|ap|free|pro_plan|max_plan|beyond)? ?")


def in_several(case: Case, random: Random) -> Case:
    """The case with a list in several currencies, for an account that has one of them."""
    codes = random.sample(CURRENCIES, random.randint(2, 3))
    writer = _Writer(random, codes, across=random.random() < 0.5)
    own = random.choice([*codes * 15, None, "CHF"])
    parts = [writer.declaration(part) for part in case.declarations]
    account = replace(_in(case.account, own or codes[0]), currency=own)
    if random.random() < 0.5:
        parts += _shares_of_money(random, writer)
        code = own or codes[0]
        kept = [each for each in account.records if each.form == "event"][:3]
        sales = (replace(each, meter="sold", quantity=f"{random.randint(1, 300)} {code}", fields=(), end=None)
                 for each in kept)  # fmt: skip
        account = replace(account, records=(*account.records, *sales))
    return replace(case, declarations=tuple(parts), account=account)


def _shares_of_money(random: Random, writer: _Writer) -> list[Declaration]:
    """A meter of money and what is charged of it; a fee that only some accounts have."""
    share = f"rate {random.randint(1, 9)}% + ({writer.amounts('0.3')})"
    code = random.choice(writer.codes)
    fee = f"amount {random.randint(1, 9)} {code}"
    when = random.choice(
        (f"when currency == {code}", f"when currency == {code} and not pro", f"when not (currency != {code})")
    )
    return [
        Declaration("meter sold in currency", bare=True),
        Declaration("charge share", ("on sold", "every month", share)),
        Declaration("charge cheque", ("every month", when, fee)),
    ]  # fmt: skip


def _in(account: Account, own: str) -> Account:
    """What the account brings in money, in its currency."""

    def money(text: str | None) -> str | None:
        return None if text is None else text.replace(" USD", f" {own}")

    def bought(each: Purchase) -> Purchase:
        return replace(each, size=each.size.replace(" USD", f" {own}"), paid=money(each.paid))

    def record(each: Record) -> Record:
        return replace(each, quantity=each.quantity.replace(" USD", f" {own}"))

    sizes = tuple((name, size.replace(" USD", f" {own}")) for name, size in account.sizes)
    purchases = tuple(bought(each) for each in account.purchases)
    return replace(account, sizes=sizes, purchases=purchases, records=tuple(record(each) for each in account.records))


class _Writer:
    """What is written of a list. `across`: whether tables have a column for each currency, in place of an amount."""

    def __init__(self, random: Random, codes: list[str], across: bool) -> None:
        self.random = random
        self.codes = codes
        self.across = across

    def declaration(self, part: Declaration) -> Declaration:
        word, _, rest = part.head.partition(" ")
        if word == "tariff":
            return replace(part, statements=tuple(self._of_the_list(each) for each in part.statements))
        if word == "table" and self.across and rest.startswith(("price_of ", "steps ")):
            return self._across(part)
        head = part.head.replace(" in USD", " in currency")
        return replace(part, head=head, statements=tuple(self._statement(each) for each in part.statements))

    def amounts(self, number: str, per: str = "") -> str:
        """An amount for each currency; one may be missing."""
        codes = self.random.sample(self.codes, len(self.codes) - (self.random.random() < 0.02))
        return " or ".join(f"{self._number(number, code)} {code}{per}" for code in codes)

    def _number(self, number: str, code: str) -> str:
        """Another number in each currency: the larger, the larger the first one, so that bounds rise in all."""
        whole, point, decimals = number.replace(",", "").partition(".")
        times = 1 + CURRENCIES.index(code) * 2
        return f"{int(whole) * times + CURRENCIES.index(code)}{point}{decimals}"

    def _of_the_list(self, statement: str) -> str:
        if statement == "currency USD":
            return f"currency {', '.join(self.codes)}"
        if statement.startswith("rounding"):
            return _AMOUNT.sub(lambda found: self._steps(found[1]), statement)
        return statement

    def _steps(self, number: str) -> str:
        return " or ".join(f"{self._step(number, code)} {code}" for code in self.codes)

    def _step(self, number: str, code: str) -> str:
        return {"JPY": self.random.choice(("1", "10")), "KWD": "0.005"}.get(code, number)

    def _statement(self, statement: str) -> str:
        if statement.startswith("rounding"):
            return _AMOUNT.sub(lambda found: self._steps(found[1]), statement)
        if self.across:
            statement = statement.replace("price_of[region]", "price_of[region, currency]")
            statement = statement.replace("(steps, ", "(steps[currency], ")
        statement = _SOLD.sub(r"\1 currency", statement.replace(" in USD", " in currency"))
        found = _AMOUNT.search(statement)
        if found and _BARE.fullmatch(statement[: found.start()]) and not statement[found.end() :]:
            return f"{statement[: found.start()]}{self.amounts(found[1], found[2] or '')}"
        return _AMOUNT.sub(lambda found: f"({self.amounts(found[1], found[2] or '')})", statement)

    def _across(self, part: Declaration) -> Declaration:
        """A table with a column for each currency; the last one may be of all others."""
        head = part.head.replace(" in USD", ", currency in currency")
        rows = []
        for row in part.statements:
            keys, _, number = row.rpartition(" ")
            rows.append(f"{keys} {' '.join(self._number(number, code) for code in self.codes)}")
        last = "else" if self.random.random() < 0.1 else self.codes[-1]
        return replace(part, head=head, statements=(" ".join([*self.codes[:-1], last]), *rows))
