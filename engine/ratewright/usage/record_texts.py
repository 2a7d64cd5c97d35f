"""One record: from its keys and texts to a `Record`, the same for YAML, JSON, CSV and JSON Lines.

This runs once for each of perhaps millions of rows, so it reads the texts itself instead of through the
models of `fixture_schema.py`; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import TypeVar

from whenever import Date, Instant

from ratewright.diagnostics import did_you_mean
from ratewright.usage import codes
from ratewright.usage.amount_text import Amounts
from ratewright.usage.findings import RecordFindings
from ratewright.usage.model import Amount, Fields, Form, Place, Record
from ratewright.usage.moment_text import Moments
from ratewright.usage.problem import Problem, instead, require_name, require_visible
from ratewright.values.calendar import Moment

_T = TypeVar("_T")
KEYS = ("meter", "at", "in", "from", "to", "quantity", "measured", "id", "source", "subaccount", "lasts", "reported")
TIMES = ("at", "in", "from", "to")

ONE = Amount(1)
_NO_FIELDS: Fields = {}
_TIME_HELP = "write `at:` for an event, `from:` and `to:` for a state, or `in:` for the total of a day or month"


class RecordReader:
    """Reads the records of one fixture and its files.

    `source` is that of records without one. `subaccounts` is None where their list could not be read, and
    then none is checked.
    """

    def __init__(
        self,
        amounts: Amounts,
        moments: Moments,
        source: str,
        account: str,
        subaccounts: frozenset[str] | None,
    ) -> None:
        self.amounts = amounts
        self.moments = moments
        self.source = source
        self._account = account
        self._subaccounts = subaccounts
        self._names: dict[str, str] = {}

    def read(self, texts: dict[str, str], place: Place, found: RecordFindings) -> Record | None:
        """The record of these keys, none of them empty; it empties `texts`.

        Adds everything that is wrong to `found` and then returns None.
        """
        take = texts.pop
        meter = take("meter", None)
        if meter is None:
            self._no_meter(texts, found)
        elif meter not in self._names:
            meter = self._attempt(self._name, meter, "meter", found)
        else:
            meter = self._names[meter]
        at = take("at", None)
        form, start, end = Form.EVENT, None, None
        if at is not None and not ("in" in texts or "from" in texts or "to" in texts):
            start = self._attempt(self.moments.read, at, "at", found)
        else:
            form, start, end = self._over_time(at, texts, found)
        measured = "measured" in texts
        quantity = self._quantity(texts, form, found)
        id = take("id", None)
        source = take("source", None)
        subaccount = take("subaccount", None)
        lasts_text = take("lasts", None)
        reported_text = take("reported", None)
        lasts = reported = None
        if id is not None and not id.isprintable():
            id = self._attempt(require_visible, id, "id", found)
        if source is not None:
            source = self._attempt(self._name, source, "source", found)
        if subaccount is not None:
            subaccount = self._attempt(self.read_subaccount, subaccount, "subaccount", found)
        if lasts_text is not None:
            lasts = self._attempt(self.read_lasts, lasts_text, "lasts", found)
        if reported_text is not None:
            reported = self._reported(reported_text, form, start, found)
        fields = self._read_fields(texts, found) if texts else _NO_FIELDS
        if found.any or start is None or quantity is None or meter is None:
            return None
        return Record(
            id,
            self.source if source is None else source,
            meter,
            form,
            start,
            end,
            quantity,
            place,
            fields,
            subaccount,
            lasts,
            measured,
            reported,
        )

    def read_names(self, texts: list[str]) -> list[str]:
        """Many names at once, as one object each. Raises Problem."""
        for text in set(texts).difference(self._names):
            self._name(text)
        return list(map(self._names.__getitem__, texts))

    def read_fields(self, columns: dict[str, list[str]], count: int) -> Iterable[Fields]:
        """The fields of `count` records at once. Raises Problem for what `read` would refuse."""
        if not columns:
            return repeat(_NO_FIELDS, count)
        names = [self._field_name(name) for name in columns]
        rows = list(zip(*columns.values(), strict=True))
        shared = {row: dict(zip(names, map(self.amounts.value, row), strict=True)) for row in dict.fromkeys(rows)}
        return list(map(shared.__getitem__, rows))

    def _attempt(self, read: Callable[[str], _T], text: str, key: str, found: RecordFindings) -> _T | None:
        try:
            return read(text)
        except Problem as problem:
            found.add_problem(problem, key)
            return None

    def _no_meter(self, texts: dict[str, str], found: RecordFindings) -> None:
        guess = did_you_mean("meter", [key for key in texts if key not in KEYS])
        help = "add `meter:` with the name of the meter"
        found.add(codes.MISSING_KEY, "a record needs `meter`", "", instead("meter", guess) or help)

    def _name(self, text: str) -> str:
        name = self._names.get(text)
        if name is None:
            name = self._names[text] = require_name(text)
        return name

    def read_subaccount(self, text: str) -> str:
        if self._subaccounts is not None and text not in self._subaccounts:
            require_visible(text)
            if text == self._account:
                help = "leave `subaccount` out for the account itself"
            else:
                help = (
                    did_you_mean(text, sorted(self._subaccounts))
                    or "list it in `subaccounts:` at the top of the fixture"
                )
            raise Problem(codes.UNKNOWN_SUBACCOUNT, f"there is no subaccount `{text}`", help)
        return self._name(text)

    def read_lasts(self, text: str) -> Amount:
        amount = self.amounts.read(text)
        if amount.unit is None:
            raise Problem(codes.NOT_AMOUNT, f"`{text}` is a duration without a unit", f"write the unit: {text} seconds")
        return amount

    def _reported(self, text: str, form: Form, start: Moment | None, found: RecordFindings) -> Moment | None:
        """When a late record became known."""
        reported = self._attempt(self.moments.read, text, "reported", found)
        if reported is None:
            return None
        if form is Form.STATE:
            found.add(
                codes.NOT_TOGETHER,
                "a record has `reported` beside `from` and `to`",
                "reported",
                "only an event or a total can become known late; give a total for each period",
            )
        elif start is not None and not could_follow(start, reported):
            found.add(
                codes.KNOWN_BEFORE,
                f"the record was reported before it happened: {text}",
                "reported",
                "`reported` is when it became known; leave it out for a record that was known at once",
            )
        return reported

    def _over_time(
        self, at: str | None, texts: dict[str, str], found: RecordFindings
    ) -> tuple[Form, Moment | None, Moment | None]:
        within, first, last = texts.pop("in", None), texts.pop("from", None), texts.pop("to", None)
        state = first is not None or last is not None
        given = [key for key, there in (("at", at), ("in", within), ("from", state)) if there]
        if len(given) > 1:
            words = " and ".join(f"`{key}`" for key in given)
            found.add(codes.NOT_TOGETHER, f"a record has {words}", given[-1], _TIME_HELP)
            return Form.EVENT, None, None
        if within is not None:
            period = self._attempt(self.moments.stretch, within, "in", found)
            return Form.TOTAL, *(period or (None, None))
        if not state:
            found.add(codes.NO_TIME, "a record does not say when", "", self._time_help(texts))
            return Form.EVENT, None, None
        start, end = self._end("from", first, found), self._end("to", last, found)
        if start is not None and end is not None and not _before(start, end):
            found.add(
                codes.NOT_BEFORE,
                f"`to` ({last}) is not after `from` ({first})",
                "to",
                "`to` is the first moment after",
            )
        return Form.STATE, start, end

    def _time_help(self, texts: dict[str, str]) -> str:
        for key in TIMES:
            if guess := did_you_mean(key, list(texts)):
                return instead(key, guess)
        return _TIME_HELP

    def _end(self, key: str, text: str | None, found: RecordFindings) -> Moment | None:
        if text is None:
            other = "to" if key == "from" else "from"
            found.add(
                codes.MISSING_KEY,
                f"a record with `{other}` needs `{key}`",
                other,
                f"add `{key}:` with a date or time",
            )
            return None
        return self._attempt(self.moments.read, text, key, found)

    def _quantity(self, texts: dict[str, str], form: Form, found: RecordFindings) -> Amount | None:
        text, measured = texts.pop("quantity", None), texts.pop("measured", None)
        key = "quantity"
        if measured is not None:
            if text is not None:
                found.add(
                    codes.NOT_TOGETHER,
                    "a record has `quantity` and `measured`",
                    "measured",
                    "`measured` is the meter's result, `quantity` what one record brings: give one",
                )
            text, key = measured, "measured"
        if text is None:
            if form is Form.EVENT:
                return ONE
            guess = did_you_mean("quantity", list(texts))
            found.add(
                codes.NO_QUANTITY,
                f"a record with `{'in' if form is Form.TOTAL else 'from'}` needs `quantity`",
                "",
                instead("quantity", guess)
                or "add `quantity:` with the number and its unit, such as `quantity: 9.31 GB`",
            )
            return None
        read = self.amounts.read if measured is not None else self.amounts.read_quantity
        return self._attempt(read, text, key, found)

    def _read_fields(self, texts: dict[str, str], found: RecordFindings) -> Fields:
        names, values = self._names, self.amounts.known_values
        try:
            return {names[name]: values[text] for name, text in texts.items()}
        except KeyError:
            return self._new_fields(texts, found)

    def _new_fields(self, texts: dict[str, str], found: RecordFindings) -> Fields:
        fields: dict[str, str | Amount] = {}
        for name, text in texts.items():
            if name == "file":
                found.add(
                    codes.UNKNOWN_KEY,
                    "`file` stands beside keys of a record",
                    name,
                    "give files their own entry, `- {file: usage.csv}`, with no other key than `meter`",
                )
                continue
            try:
                if not name or name != name.strip(" \t"):
                    raise Problem(
                        codes.UNKNOWN_KEY,
                        f"the key `{name}` has spaces around it or is empty",
                        "write a name",
                    )
                fields[self._name(name)] = self.amounts.value(text)
            except Problem as problem:
                found.add_problem(problem, name)
        return fields

    def _field_name(self, name: str) -> str:
        if not name or name != name.strip():
            message = f"the key `{name}` has spaces around it or is empty"
            raise Problem(codes.UNKNOWN_KEY, message, "write a name")
        return self._name(name)


def could_follow(start: Moment, later: Moment) -> bool:
    """Whether the second may lie at or after the first; a date and an instant cannot be compared before rating."""
    return start == later or _before(start, later)


def _before(start: Moment, end: Moment) -> bool:
    """Whether the start is before the end; a date and an instant cannot be compared before rating."""
    if isinstance(start, Instant) and isinstance(end, Instant):
        return start < end
    if isinstance(start, Date) and isinstance(end, Date):
        return start < end
    return True
