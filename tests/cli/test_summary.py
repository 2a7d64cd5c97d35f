"""`ratewright test --summary`: sums for each price list, and the rows that no example reaches."""

import json

from tests.cli.conftest import change

LIST = """\
tariff calls "Calls" { currency USD;  timezone "UTC" }
unit call, calls
setting plan one of free, pro = free
meter made { field status one of success, failed = success;  measure sum(quantity) in calls;  where status == success }
package pack {
  covers made
  sizes { 10 calls 1 USD;  100 calls 8 USD }
  refund in full within 7 days of purchase if unused
  refund never
}
charge fee {
  on     made
  every  month
  when   plan == pro
  graduated {
    up to 10 calls   0.20 USD/call
    beyond           0.10 USD/call
  }
}
deduct made from pack > fee
example "in the first tier" { set plan pro;  use 10 calls of made in 2026-03;  expect total == 2 USD }
"""

WHOLE = """\
tariff photos "Photos" { currency USD;  timezone "UTC" }
charge fee { every month;  amount 6 USD }
example "a month" { expect in 2026-03 total == 6 USD }
"""


def test_the_sums_of_one_list(run, prices) -> None:
    done = run("test", "prices.tariff", "acme.yaml", "--summary")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "price list     examples  passed  failed  disputed  errors    rows",
        "prices.tariff         3       3       0         0       0  3 of 3",
        "",
        "3 passed, 0 failed, 0 disputed, 0 errors",
    ]


def test_rows_that_no_example_reaches(run, prices) -> None:
    (prices / "calls.tariff").write_text(LIST, encoding="utf-8")
    done = run("test", "calls.tariff", "--summary")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "price list    examples  passed  failed  disputed  errors    rows",
        "calls.tariff         1       1       0         0       0  2 of 8",
        "",
        "Rows that no example reaches:",
        "  calls.tariff:4   condition    where status == success",
        "  calls.tariff:7   size         10 calls 1 USD",
        "  calls.tariff:7   size         100 calls 8 USD",
        "  calls.tariff:8   refund rule  refund in full within 7 days of purchase if unused",
        "  calls.tariff:9   refund rule  refund never",
        "  calls.tariff:17  tier         beyond 0.10 USD/call",
        "",
        "1 passed, 0 failed, 0 disputed, 0 errors",
    ]


def test_a_fixture_reaches_rows_of_its_list_too(run, prices) -> None:
    (prices / "calls.tariff").write_text(LIST, encoding="utf-8")
    (prices / "more.yaml").write_text(
        "account: a\ntariff: calls\nsettings: {plan: pro}\n"
        "purchases: [{id: p1, package: pack, size: 100, at: 2026-03-01}]\n"
        "refunds: [{purchase: p1, at: 2026-03-02}]\n"
        "usage:\n  - {meter: made, in: 2026-03-05, quantity: 11}\n  - {meter: made, in: 2026-03-06, status: failed, "
        "quantity: 1}\nexpect: [{fee: 2.10 USD}]\n"
    )
    lines = run("test", "calls.tariff", "more.yaml", "--summary").stdout.splitlines()
    assert lines[1].split() == ["calls.tariff", "2", "2", "0", "0", "0", "6", "of", "8"]
    assert [line.split()[0] for line in lines if line.startswith("  ")] == ["calls.tariff:7", "calls.tariff:9"]


def test_what_went_wrong_and_what_is_missing(run, prices) -> None:
    change(prices / "prices.tariff", "total == 6 USD", "total == 7 USD")
    (prices / "broken.tariff").write_text("tariff broken { currency USD; timezon }\n")
    (prices / "odd.yaml").write_text("account: odd\ntariff: nowhere\nexpect: [{total: 0 USD}]\n")
    done = run("test", ".", "--summary")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["price", "prices.tariff", "of", "1"]
    assert lines[1].split()[1:6] == ["3", "2", "1", "0", "0"]
    assert lines[2].split()[3:] == ["1", "0", "0", "0", "1"], "a fixture without a list is an error of no list"
    assert lines[3].split()[2:7] == ["4", "2", "1", "0", "1"]
    assert "Missing, since they could not be read: 1 price list" in lines
    assert any(line.startswith("  broken.tariff:1:") and "`timezon`" in line for line in lines)
    assert "failed: the welcome quota pays for the first 500 photos" in lines
    assert "error: odd" in lines
    assert lines[-1] == "2 passed, 1 failed, 0 disputed, 1 error, 1 missing"


def test_what_is_disputed_is_listed_apart(run, prices) -> None:
    change(prices / "prices.tariff", "total == 6 USD", "total == 6 USD, printed 8 USD")
    done = run("test", "prices.tariff", "--summary")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[1].split()[1:6] == ["2", "1", "0", "1", "0"]
    assert "total is 6.00 USD; the source prints 8.00 USD" in done.stdout


def test_a_page_full_of_lists_shows_those_that_want_a_look(run, prices) -> None:
    (prices / "calls.tariff").write_text(LIST, encoding="utf-8")
    (prices / "prices.tariff").unlink()
    (prices / "acme.yaml").unlink()
    names = [f"list_{number:02}" for number in range(21)]
    for name in names[:19]:
        (prices / f"{name}.tariff").write_text(WHOLE, encoding="utf-8")
    lines = run("test", ".", "--summary").stdout.splitlines()
    assert len([line for line in lines if line.startswith("list_")]) == 19, "20 lists have a line each"
    for name in names[19:]:
        (prices / f"{name}.tariff").write_text(WHOLE, encoding="utf-8")
    change(prices / "list_20.tariff", "total == 6 USD", "total == 6 USD, printed 8 USD")
    lines = run("test", ".", "--summary").stdout.splitlines()
    table = lines[1 : lines.index("")]
    assert [row.split("  ")[0] for row in table] == [
        "calls.tariff",
        "list_20.tariff",
        "20 lists of which all holds",
        "22 lists",
    ]
    folded, of_all = ([int(cell) for cell in row.split("  ") if cell.strip().isdigit()] for row in table[2:])
    shown = [[int(cell) for cell in row.split("  ") if cell.strip().isdigit()] for row in table[:2]]
    assert [a + b + c for a, b, c in zip(folded, *shown, strict=True)] == of_all


def test_as_json(run, prices) -> None:
    (prices / "calls.tariff").write_text(LIST, encoding="utf-8")
    change(prices / "prices.tariff", "total == 6 USD", "total == 7 USD")
    (prices / "broken.tariff").write_text("tariff broken { currency USD; timezon }\n")
    done = run("test", ".", "--summary", "--format", "json")
    data = json.loads(done.stdout)
    assert done.exit_code == 1
    assert data["schema"] == "ratewright/test-summary/1"
    assert data["summary"] == {
        "lists": 2,
        "missing": 1,
        "examples": 4,
        "passed": 3,
        "failed": 1,
        "disputed": 0,
        "error": 0,
        "rows": 11,
        "unreached": 6,
    }
    assert [m["file"] for m in data["missing"]] == ["broken.tariff"]
    assert data["missing"][0]["diagnostics"][0]["code"] == "R101"
    by_name = {one["name"]: one for one in data["lists"]}
    assert by_name["calls"]["unreached"][-1] == {
        "file": "calls.tariff",
        "line": 17,
        "kind": "tier",
        "text": "beyond 0.10 USD/call",
    }
    assert by_name["photo_api"]["failed"] == 1
    assert [f["name"] for f in by_name["photo_api"]["findings"]] == ["the welcome quota pays for the first 500 photos"]


def test_words_of_others_cannot_steer_the_terminal(run, prices) -> None:
    (prices / "calls.tariff").write_text(LIST.replace("if unused", "if unused # \u202e"), encoding="utf-8")
    (prices / "a\u202eb.tariff").write_text("tariff x { }\n")
    done = run("test", "calls.tariff", "a\u202eb.tariff", "--summary")
    assert "\u202e" not in done.stdout
