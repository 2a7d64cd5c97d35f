"""What a bill was made from, which records came late, and whose it is: on the bill and in JSON."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version

from tests.cli.conftest import Run

ROWS = "meter,in,quantity\nimproved_photos,2026-03,600\n"
TABLE = "account: a\nactivated: 2026-01-01T00:00:00Z\nusage: [{file: rows.csv}]\n"
OTHER = "a" * 64


def digest(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_file_has_its_digest(run: Run, prices) -> None:
    (prices / "table.yaml").write_text(TABLE)
    (prices / "rows.csv").write_text(ROWS)
    data = json.loads(run("bill", "prices.tariff", "table.yaml", "--format", "json").stdout)

    names = ["prices.tariff", "table.yaml", "rows.csv"]
    told = [(file["file"], file["sha256"]) for file in data["made_from"]["files"]]
    assert sorted(told) == sorted((name, digest(prices / name)) for name in names)
    assert (data["made_from"]["engine"], bool(data["tzdata"])) == (version("ratewright"), True)


def test_standard_input_has_a_digest_too(run: Run, prices) -> None:
    text = (prices / "acme.yaml").read_bytes()
    done = run("bill", "prices.tariff", "-", "--format", "json", stdin=text)

    told = {file["file"]: file["sha256"] for file in json.loads(done.stdout)["made_from"]["files"]}
    assert told["standard input"] == hashlib.sha256(text).hexdigest()


def test_the_full_length_tells_the_digests(run: Run, prices) -> None:
    full = run("explain", "prices.tariff", "acme.yaml", "--detail", "full", "--format", "markdown").stdout

    assert f"from prices.tariff, SHA-256 {digest(prices / 'prices.tariff')}" in full.replace("\\", "")
    assert f"made by ratewright {version('ratewright')}" in full


def test_a_change_of_a_file_changes_its_digest(run: Run, prices) -> None:
    def told() -> list[str]:
        data = json.loads(run("explain", "prices.tariff", "acme.yaml", "--format", "json").stdout)
        bill = data["bills"][0] if "bills" in data else data
        return [file["sha256"] for file in bill["made_from"]["files"]]

    before = told()
    path = prices / "acme.yaml"
    path.write_bytes(path.read_bytes() + b"# a remark\n")
    after = told()
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False]


LATE = """account: late
activated: 2026-01-01T00:00:00Z
bill: {customer: "Late Ltd", bill_number: 7, due: 2026-05-14}
usage:
  - {meter: improved_photos, at: 2026-03-02T10:00:00Z, quantity: 600}
  - {meter: improved_photos, at: 2026-03-05T10:00:00Z, quantity: 30, id: e-17, reported: 2026-04-03T09:00:00Z}
"""


def test_a_late_record_has_its_id_its_time_and_its_quantity(run: Run, prices) -> None:
    (prices / "late.yaml").write_text(LATE)
    words = ("prices.tariff", "late.yaml", "--period", "2026-04")
    (late,) = json.loads(run("bill", *words, "--format", "json").stdout)["late"]

    assert (late["id"], late["quantity"], late["start"][:10], late["reported"][:10]) == (
        "e-17",
        "30",
        "2026-03-05",
        "2026-04-03",
    )
    told = run("explain", *words).stdout
    assert "30 photos (id e-17)" in " ".join(told.split())


def test_a_bill_says_whose_it_is(run: Run, prices) -> None:
    (prices / "late.yaml").write_text(LATE)
    for period, style in (("2026-03", "text"), ("2026-03", "markdown"), ("2026-03", "html"), ("2027-01", "text")):
        told = run("explain", "prices.tariff", "late.yaml", "--period", period, "--format", style).stdout
        assert "customer: Late Ltd" in told
        assert "bill number: 7" in told
    data = json.loads(run("bill", "prices.tariff", "late.yaml", "--period", "2026-03", "--format", "json").stdout)
    assert data["fields"] == {"customer": "Late Ltd", "bill_number": "7", "due": "2026-05-14"}


def test_an_unknown_key_beside_it_stays_refused(run: Run, prices) -> None:
    (prices / "late.yaml").write_text(LATE + "customer: Late Ltd\n")
    assert "`customer`" in run("bill", "prices.tariff", "late.yaml", "--period", "2026-03").stderr


def test_every_bill_says_its_time_zone(run: Run, prices) -> None:
    for detail in ("short", "normal", "full"):
        assert "times in " in run("explain", "prices.tariff", "acme.yaml", "--detail", detail).stdout


def test_a_template_extends_our_page(run: Run, prices) -> None:
    (prices / "late.yaml").write_text(LATE)
    (prices / "brand.html").write_text(
        '{% extends "bill.html" %}{% block above %}<b>{{ fields.customer }}</b>{% endblock %}'
        "{% block style %}b { color: red }{% endblock %}"
    )
    words = ("explain", "prices.tariff", "late.yaml", "--period", "2026-03")
    ours = run(*words, "--format", "html").stdout
    page = run(*words, "--template", "brand.html").stdout

    assert "<b>Late Ltd</b>" in page
    assert "b { color: red }" in page
    assert inside(page) == inside(ours)


def test_a_template_extends_only_what_is_there(run: Run, prices) -> None:
    for name in ("nothing.html", "../html_form.py", "../words/bill.txt"):
        (prices / "brand.html").write_text('{% extends "' + name + '" %}')
        done = run("explain", "prices.tariff", "acme.yaml", "--template", "brand.html")
        assert (done.exit_code, f"`{name}`" in done.stderr) == (2, True)


def inside(page: str) -> str:
    """The body of a page without its spaces, in which pages that extend it differ."""
    return "".join(page.partition("<main")[2].partition("</main>")[0].split())
