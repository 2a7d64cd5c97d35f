"""What a bill prints is true: equations hold, what is shown adds up, and all formats say the same."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from html import unescape
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from whenever import Instant

from ratewright.derivation.trace import ChargeTrace, PaymentTrace
from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Document, Figure, Money, Table, cell_text
from ratewright.explain.render import render
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, Line
from ratewright.report.bill_formats import bill_json
from ratewright.trial.inputs import example_usage
from ratewright.values.calendar import calendar_of
from ratewright.values.money import minor_digits
from ratewright.values.rounding import Way, round_to
from tests.explain.bills import FIXTURES, LISTS, all_bills, case, of_example, of_fixture, read_list
from tests.explain.counted_days import counted_days
from tests.explain.equations import equations
from tests.explain.reasons import KINDS, reasons
from tests.explain.tables import said_of_rows, without_told
from tests.laws.booking import unlike_its_bills
from tests.rating.accounts import bills
from tests.rating.random_accounts import FIRST as BEGIN
from tests.rating.random_accounts import LAST as END
from tests.rating.random_accounts import MARKETS, accounts
from tests.rating.random_tariffs import FIRST, LAST, cases
from tests.tries import tries

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
ROUNDED = re.compile(r"(\S+) USD exactly, rounded ([a-z ]+) to (\S+) USD: (\S+) USD$")
SO_FAR = re.compile(
    r"(\S+) USD for .* so far, and (\S+) USD were billed before: (?:(\S+) USD (more|less)|nothing more)$"
)


def at_normal_length(bill: Bill) -> Document:
    """The explanation of a bill as most readers get it."""
    document = assemble(bill, "normal")
    assert isinstance(document, Document)
    return document


def in_full(bill: Bill) -> Document:
    """The explanation of a bill at full length."""
    document = assemble(bill, "full")
    assert isinstance(document, Document)
    return document


def said(document: Document) -> Iterator[str]:
    """Every line of an explanation."""
    for section in document.sections:
        yield section.remark
        yield from (note.text for note in section.notes)
        for row in section.rows:
            yield row.how
            yield from (note.text for note in row.notes)
        yield from said_of_rows(section)
    for row in document.sums:
        yield from (note.text for note in row.notes)


def check_tables(bill: Bill, document: Document) -> int:
    """Each row of a table is told what a row of its own would say, and the foot is their sum; how many there are."""
    count = 0
    for section in document.sections:
        left = list(section.members)
        for table in section.tables:
            count += len(table.rows)
            check_foot_of(table)
            if section.kind not in ("meter", "funds"):  # results and lots are no rows elsewhere
                left = without_told(left, table)
    return count


def check_foot_of(table: Table) -> None:
    """The foot has as many lines as it says, and the sum of each column of which it has one."""
    assert number(cell_text(table.foot[0]).split(" ")[0]) == len(table.rows)
    for column, total in zip(zip(*table.rows, strict=True), table.foot, strict=True):
        if isinstance(total, Money):
            assert sum(cell.amount for cell in column if isinstance(cell, Money)) == total.amount
        elif isinstance(total, Figure):
            assert sum(cell.value for cell in column if isinstance(cell, Figure)) == total.value


def check_equations(bill: Bill, texts: Iterable[str]) -> int:
    """Each equation holds, and what is rounded or subtracted; how many equations there are."""
    count = 0
    for text in texts:
        for equation in equations(text, bill.tariff.units, bill.tariff.currency):
            assert equation.holds, equation
            count += 1
        if rounded := ROUNDED.search(text):
            before, way, step, after = rounded.groups()
            exact = Fraction(before.rstrip("…").replace(",", ""))
            if not before.endswith("…"):
                assert round_to(exact, number(step), Way(way)) == number(after), text
        if so_far := SO_FAR.search(text):
            now, before, difference, sign = so_far.groups()
            assert number(now) - number(before) == number(difference or "0") * (-1 if sign == "less" else 1), text
    return count


def check_reasons(bill: Bill, texts: Iterable[str]) -> Counter[str]:
    """Each reason at full length holds; how many of each kind could be asked again."""
    found = Counter[str]()
    for reason in reasons(bill, texts):
        assert reason.holds is not False, reason
        found[reason.kind] += reason.holds is not None
    return found


def check_days(bills: Sequence[Bill], activated: Instant | None) -> Counter[bool]:
    """The days that shares count, counted again; how many could be, and how many not."""
    found = Counter[bool]()
    for reason in counted_days(bills, activated):
        assert reason.holds is not False, reason
        found[reason.holds is not None] += 1
    return found


def check_new(bills: Iterable[Bill], known: set[str]) -> None:
    """Bills of one list that say much alike: what one of them said is not asked again."""
    for bill in bills:
        document = in_full(bill)
        own = sentences_of(document)  # asked of each line anew
        told = dict.fromkeys([*said(document), *said(at_normal_length(bill))])
        texts = [text for text in told if text not in known or text in own]
        check_equations(bill, texts)
        check_reasons(bill, texts)
        check_sums(bill, document)
        check_tables(bill, document)
        known.update(texts)


def sentences_of(document: Document) -> set[str]:
    """What lines say of themselves."""
    return {n.text for section in document.sections for row in section.rows for n in row.notes if n.kind == "said"}


def check_told(bill: Bill) -> None:
    """All that one bill is told to be."""
    check_new([bill], set())


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def check_sums(bill: Bill, document: Document) -> None:
    """Covered, priced and not covered come to what is used, as it is printed; where all is priced in this bill."""
    traces = {meter.meter.name: meter for meter in bill.meters}
    check_foot(bill, document)
    for section in document.sections:
        if section.kind != "meter" or section.quantity is None:
            continue
        made = traces[section.name]
        if not isinstance(made.meter.each, tree.RecordFact) or any(s.unit != made.meter.unit for s in made.sources):
            continue
        priced: dict[str, Fraction] = defaultdict(Fraction)
        taken = Fraction(0)
        for row in (*section.rows, *section.members):
            if row.quantity is None:
                continue
            if row.kind in ("source", "unserved"):
                taken += row.quantity.value
            elif row.kind == "charge":
                priced[row.name] += row.quantity.value
        for name, quantity in priced.items():
            lines = [line for line in bill.lines if line.source == name and line.period is not None]
            inside = all(bill.period.start <= line.period.start for line in lines if line.period is not None)
            charge = bill.tariff.charges[name]
            if inside and isinstance(charge.on, tree.MeterLeft) and charge.when is None:
                waiting = dict(made.charged).get(name, 0) - sum(line.quantity for line in lines)
                assert taken + quantity + waiting == section.quantity.value


def check_foot(bill: Bill, document: Document) -> None:
    """Each sum at the foot is the one before it with the steps between them, and the steps hold all lines."""
    so_far: Fraction | None = None
    for row in document.sums:
        assert row.money is not None
        amount = Fraction(row.money.amount)
        if row.kind == "sum":
            assert so_far in (None, amount), row.name
            so_far = amount
        else:
            assert so_far is not None
            so_far += amount
    for kind in ("discount", "tax", "payment"):
        lines = sum(line.amount for line in bill.lines if line.kind.value == kind and not _of_a_line(line))
        assert lines == sum(row.money.amount for row in document.sums if row.kind == kind and row.money)
    last = document.sums[-1].money
    assert last is not None
    assert (last.amount * 10 ** minor_digits(bill.tariff.currency)).denominator == 1


def _of_a_line(line: Line) -> bool:
    return isinstance(line.why, PaymentTrace) and line.why.target not in ("subtotal", "total")


def check_formats(bill: Bill) -> None:
    told = json.loads(render(bill, "json"))
    machine = json.loads(bill_json(bill))
    assert unlike_its_bills([bill]) is None  # the CSV
    assert {row["name"]: row["value"] for row in told["sums"]}.items() >= {"total": machine["total"]}.items()
    full = json.loads(render(bill, "json", "full"))
    shown = sorted(
        (row["name"], row["amount"]["value"])
        for section in full["sections"]
        for row in section["rows"]
        if row["kind"] in ("charge", "discount", "tax", "included", "payment", "correction", "extension", "purchase")
        and row["figures"]
    )
    billed = [line for line in machine["lines"] if line["kind"] != "refund"]
    assert shown == sorted((line["source"], line["amount"]) for line in billed)
    assert figures(render(bill, "text", width=100_000)) == figures(markdown(render(bill, "markdown")))
    assert figures(render(bill, "text", width=100_000)) == figures(html(render(bill, "html")))


def figures(text: str) -> set[str]:
    """The numbers of a page; a layout may say a label twice."""
    return set(NUMBER.findall(text))


def markdown(text: str) -> str:
    text = re.sub(r'\]\(#[^)]*\)|<a id="[^"]*"></a>', "", text)  # where a link leads
    return re.sub(r"\\([^\w\s])", r"\1", text)


def html(page: str) -> str:
    body = page.partition("<body>")[2] or page
    body = re.sub(r'<p class="due">.*?</p>', "", body)  # the last sum again
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?time>", "", body)))


@pytest.mark.parametrize("name", all_bills())
def test_what_the_examples_print_is_true(name: str) -> None:
    bill = all_bills()[name]
    check_told(bill)
    check_formats(bill)


EXAMPLE = re.compile(r"^example ", re.MULTILINE)
EXAMPLES = {path: len(EXAMPLE.findall(path.read_text(encoding="utf-8"))) for path in LISTS}
EACH = [
    pytest.param(path, number, id=f"{path.stem} {number + 1}")
    for path, count in EXAMPLES.items()
    for number in range(count)
]


@pytest.mark.parametrize(("path", "number"), EACH)
def test_what_the_bundled_lists_print_is_true(path: Path, number: int) -> None:
    tariff = read_list(path)
    calendar = calendar_of(tariff.timezone)
    example = tariff.examples[number]
    made = of_example(example, tariff)
    check_new(made, set())
    activated = example_usage(example, tariff, calendar).activated
    check_days(made, calendar.instant(activated) if activated is not None else None)


def test_no_example_of_the_bundled_lists_is_left_out() -> None:
    assert {path: len(read_list(path).examples) for path in LISTS} == EXAMPLES


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_what_the_bundled_accounts_are_told_is_true(path: Path) -> None:
    named = yaml.safe_load(path.read_text(encoding="utf-8"))["tariff"]
    tariff = next(tariff for tariff in map(read_list, LISTS) if tariff.name == named)
    check_new(of_fixture(path, tariff), set())


def test_reasons_of_each_kind_are_found() -> None:
    """A sentence that nobody can ask again is noticed."""
    both = ((bill, [*said(in_full(bill)), *said(at_normal_length(bill))]) for bill in all_bills().values())
    found = sum((check_reasons(bill, texts) for bill, texts in both), Counter[str]())
    assert set(found) == KINDS
    assert min(found.values()) > 0, found


@pytest.mark.parametrize(
    "wrong",
    [
        "applies only when “plan == pro” holds, but plan was pro",
        "applies only when “plan == pro” holds, but plan (What it was, or is) was pro",
        "applies because “charges > 5 USD” holds: charges so far is 5 USD",
        "applies only when “quantity > 5 GB and not heavy” holds, but quantity was 6 GB and heavy was off",
        "applies because “quantity > 500 GB” holds: quantity is 500 GB",
        "“refund paid if drawn < size” fits: asked 2026-03-04, in time until 2026-03-06, and drawn was 3 GB and "
        "size was 3 GB",
        "1 record with 3 GB left out: only “plan == pro” counts, and plan was pro",
        "p1: 100 GB bought 2026-03-01 00:00, without an end; 10 GB drawn before this period, 30 GB in it, 70 GB left",
        "p1: 100 GB, without an end; 0 GB drawn before this period, 0 GB in it, 100 GB left — empty",
        "p1: 100 GB, without an end; 0 GB drawn before this period, 0 GB in it, 100 GB left — expired 2026-03-04 00:00",
        "p1: 100 GB, without an end; 0 GB drawn before this period, 0 GB in it, 100 GB left",
        "used is on (0 GB > 0 GB), and heavy is off (1 GB > 0 GB)",
        "threshold is 3 GB (1 GB × 2)",
        "2 USD/GB because 2,500 GB is in the tier 3 TB ≤ usage < 50 TB (volume)",
        "0 < usage ≤ 10 GB at 3 USD/GB: passed, 9 GB is above 10 GB",
        "raised from 3.00 USD to 2.00 USD, the least that this line costs",
        "0.40 USD/user is “seat price [Europe] * 1”: 0.40 USD/user × 1, where seat price [Europe] is 0.40 USD/user",
        "terms [standard] fee = 699.00 USD",
        "terms [small] fee = 399.00 USD",
        "0.40 USD/user is seat price [Europe]",
        "region of [japan] is Europe",
        "terms [premium] fee, where plan (setting) is premium, is written at tables_and_formulas.tariff:9",
        "seat price [Asia], where region of [japan] is Asia, is written at tables_and_formulas.tariff:12",
    ],
)
def test_a_false_reason_is_noticed(wrong: str) -> None:
    assert any(reason.holds is False for reason in reasons(all_bills()["tables_and_formulas"], [wrong]))


def test_days_that_are_counted_wrong_are_noticed() -> None:
    bill = case("discounts_and_taxes")
    assert check_days([bill], None)[True]
    share = next(line.why.share for line in bill.lines if isinstance(line.why, ChargeTrace) and line.why.share)
    for wrong in (replace(share, days=share.days - 1), replace(share, of=share.of + 1)):
        lines = tuple(
            replace(line, why=replace(line.why, share=wrong))
            if isinstance(line.why, ChargeTrace) and line.why.share is share
            else line
            for line in bill.lines
        )
        with pytest.raises(AssertionError):
            check_days([replace(bill, lines=lines)], None)


def test_equations_are_found() -> None:
    assert sum(check_equations(bill, said(in_full(bill))) for bill in all_bills().values()) >= 80


@given(cases())
@tries(40)
def test_what_random_lists_print_is_true(case) -> None:
    for bill in bills(case.rules, case.usage, FIRST, LAST):
        check_told(bill)


@given(cases())
@tries(15)
def test_all_formats_of_random_lists_say_the_same(case) -> None:
    check_formats(bills(case.rules, case.usage, FIRST, LAST)[1])


@pytest.mark.parametrize("market", MARKETS, ids=lambda market: market.name)
@given(data=st.data())
@tries(8)
def test_what_random_accounts_are_told_is_true(market, data) -> None:
    for bill in bills(market.rules, data.draw(accounts(market)), BEGIN, END):
        check_told(bill)
