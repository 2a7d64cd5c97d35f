"""`ratewright test`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import STARTER, change


def test_everything_in_the_current_folder(run, prices) -> None:
    done = run("test")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "prices.tariff  2 passed",
        "acme.yaml      1 passed",
        "",
        "3 passed, 0 failed, 0 disputed, 0 errors",
    ]


def test_an_example_that_fails(run, prices) -> None:
    change(prices / "prices.tariff", "total == 6 USD", "total == 7 USD")
    done = run("test", "prices.tariff")
    assert done.exit_code == 1
    assert "failed: the welcome quota pays for the first 500 photos\n  --> prices.tariff:42\n" in done.stdout
    assert "  given     set activation 2026-03-01\n            use 800 photos" in done.stdout
    lines = done.stdout.splitlines()
    place = next(i for i, line in enumerate(lines) if "expected" in line)
    assert lines[place] == "  expected  total == 7.00 USD   (line 46)"
    assert lines[place + 1] == "  got                6.00 USD"
    assert "drawn(welcome)" not in done.stdout, "what holds is not listed"
    assert lines[-1] == "1 passed, 1 failed, 0 disputed, 0 errors"


def test_figures_stand_below_each_other_whatever_the_comparison(run, prices) -> None:
    change(prices / "prices.tariff", "total == 6 USD", "total >= 7 USD")
    lines = run("test", "prices.tariff").stdout.splitlines()
    place = next(i for i, line in enumerate(lines) if "expected" in line)
    assert lines[place] == "  expected  total >= 7.00 USD   (line 46)"
    assert lines[place].index("7.00 USD") == lines[place + 1].index("6.00 USD")


def test_a_disputed_example_is_listed_apart_and_no_failure(run, prices) -> None:
    change(prices / "prices.tariff", "total == 6 USD", "total == 6 USD, printed 8 USD")
    done = run("test", "prices.tariff")
    assert done.exit_code == 0
    assert "the source prints another figure:\ndisputed: the welcome quota" in done.stdout
    assert "total is 6.00 USD; the source prints 8.00 USD   (line 46)" in done.stdout
    assert done.stdout.endswith("1 passed, 0 failed, 1 disputed, 0 errors\n")


def test_an_example_that_cannot_be_rated_is_an_error(run, prices) -> None:
    change(
        prices / "prices.tariff",
        "2026-03-01\n  use      800 photos of improved_photos in 2026-03",
        "2025-03-01\n  use 8 photos of improved_photos in 2025-03",
    )
    done = run("test", "prices.tariff")
    assert done.exit_code == 1
    assert "error: the welcome quota pays for the first 500 photos\n  --> prices.tariff:42\n" in done.stdout
    assert "the price list holds from 2026-01-01" in done.stdout
    assert done.stdout.endswith("1 passed, 0 failed, 0 disputed, 1 error\n")


def test_a_rule_file_that_does_not_load_is_an_error_with_its_diagnostics(run, prices) -> None:
    change(prices / "prices.tariff", "timezone   ", "timzone    ")
    done = run("test", ".")
    assert done.exit_code == 1
    assert "error: the rule file does not load\n  --> prices.tariff:6" in done.stdout
    assert "did you mean `timezone`?" in done.stdout
    assert "the price list `photo_api` does not load" in done.stdout, "no other list is taken for the fixture"
    assert done.stdout.endswith("0 passed, 0 failed, 0 disputed, 2 errors\n")


def test_a_fixture_that_fails(run, prices) -> None:
    change(prices / "acme.yaml", "total: 5 USD", "total: 5.01 USD")
    done = run("test")
    assert done.exit_code == 1
    assert "failed: acme\n  --> acme.yaml:2" in done.stdout, "where the account is named"
    assert "expected  total == 5.01 USD   (line 12)" in done.stdout


def test_a_fixture_of_several_accounts(run, two_accounts) -> None:
    change(two_accounts, "account: one", "tariff: photo_api\nexpect: [{total: 2 USD}]\naccount: one")
    change(two_accounts, "account: two", "tariff: photo_api\nexpect: [{total: 9 USD}]\naccount: two")
    done = run("test")
    assert "two.yaml       1 passed, 1 failed" in done.stdout
    assert "failed: two" in done.stdout


def test_a_fixture_of_a_price_list_that_comes_with_the_package(run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("acme.yaml").write_text(
        "account: acme\ntariff: tencent_hy_image\nsettings: {postpaid: on}\n"
        "activated: 2026-03-01T00:00:00+08:00\ngrants: [{grant: free_quota, size: 0}]\n"
        "usage: [{meter: image_style_transfer, in: 2026-03, quantity: 10000}]\n"
        "expect: [{period: 2026-03, total: 600 USD}]\n"
    )
    done = run("test")
    assert done.exit_code == 0, done.stdout
    assert done.stdout.endswith("1 passed, 0 failed, 0 disputed, 0 errors\n")


def test_a_fixture_of_an_unknown_price_list(run, prices) -> None:
    change(prices / "acme.yaml", "tariff: photo_api", "tariff: photo_ap")
    done = run("test", ".")
    assert done.exit_code == 1
    assert "there is no price list `photo_ap` among the rule files" in done.stdout
    assert "--> acme.yaml:3" in done.stdout


def test_the_price_list_of_the_fixtures_own_folder_comes_first(run, prices) -> None:
    other = prices / "other"
    other.mkdir()
    (other / "prices.tariff").write_bytes((prices / "prices.tariff").read_bytes())
    (other / "acme.yaml").write_bytes((prices / "acme.yaml").read_bytes())
    assert run("test", ".").exit_code == 0
    (other / "acme.yaml").rename(prices / "other.yaml")
    assert run("test", ".").exit_code == 0
    (prices / "prices.tariff").rename(other / "again.tariff")
    done = run("test", ".")
    assert done.exit_code == 1
    assert "the price list `photo_api` stands in `other/again.tariff` and `other/prices.tariff`" in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tariff: photo_api\n", "", "does not say which price list it tests"),
        ("expect:\n  - {period: 2026-03, total: 5 USD, left(welcome): 0 photos}", "", "expects nothing"),
    ],
)
def test_a_named_fixture_has_to_be_complete(run, prices, old: str, new: str, said: str) -> None:
    change(prices / "acme.yaml", old, new)
    done = run("test", "prices.tariff", "acme.yaml")
    assert done.exit_code == 1
    assert said in done.stdout


def test_other_files_of_a_folder_are_left_alone(run, prices) -> None:
    (prices / "compose.yaml").write_text("services: {web: {image: x}}\nexpect: 1\n")
    (prices / "package.json").write_text('{"name": "x", "account": {"expect": 1}}')
    (prices / "list.json").write_text("[1, 2")
    (prices / "plain.yaml").write_text("account: plain\nusage: []\n")
    (prices / "notes.txt").write_text("account: x\nexpect: y\n")
    done = run("test", ".")
    assert done.exit_code == 0
    assert done.stdout.startswith("prices.tariff  2 passed\nacme.yaml      1 passed\n\n3 passed")


def test_a_json_fixture_is_found(run, prices) -> None:
    record = {"meter": "improved_photos", "in": "2026-03", "quantity": 600}
    fixture = {"account": "j", "tariff": "photo_api", "activated": "2026-03-01T00:00:00Z"}
    fixture |= {"usage": [record], "expect": [{"total": "2 USD"}]}
    (prices / "j.json").write_text(json.dumps(fixture))
    assert "j.json         1 passed" in run("test", ".").stdout


def test_a_named_file_that_is_no_fixture_is_refused_in_detail(run, prices) -> None:
    (prices / "compose.yaml").write_text("services: x\n")
    done = run("test", "compose.yaml")
    assert done.exit_code == 1
    assert "`services` is no key of a fixture" in done.stdout


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nix", "cannot read `nix`"),
        ("notes.txt", "is neither a rule file nor a fixture"),
        ("empty", "there is no rule file (*.tariff) and no fixture"),
    ],
)
def test_paths_that_give_nothing_to_run(run, prices, path: str, said: str) -> None:
    (prices / "notes.txt").write_text("x")
    (prices / "empty").mkdir()
    done = run("test", path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_json(run, prices) -> None:
    change(prices / "prices.tariff", "total == 6 USD", "total == 7 USD")
    done = run("test", "--format", "json")
    data = json.loads(done.stdout)
    assert done.exit_code == 1
    assert data["schema"] == "ratewright/test/1"
    assert data["summary"] == {"total": 3, "passed": 2, "failed": 1, "disputed": 0, "error": 0}
    assert [trial["status"] for trial in data["examples"]] == ["failed", "passed", "passed"]


def test_a_line_that_is_billed_in_another_month_is_pointed_at(run, prices) -> None:
    """An expectation of May asks for May's bill, and the fee of four months is on August's."""
    (prices / "prices.tariff").write_text(
        'tariff t { currency USD; timezone "UTC" }\nunit call\nmeter calls in call\n'
        "charge fee { on calls; every 4 months; rate 1 USD/call }\n"
        'example "e" { use 5 call of calls in 2026-05; expect in 2026-05 fee == 5 USD }\n'
    )
    done = run("test", "prices.tariff")
    assert done.exit_code == 1
    assert "help: `fee` is of 2026-05-01 to 2026-08-31 here: expect it `in 2026-08`" in done.stdout


def test_rules_from_standard_input(run) -> None:
    done = run("test", "-", stdin=(STARTER / "photo_api.tariff").read_bytes())
    assert done.exit_code == 0
    assert done.stdout.endswith("2 passed, 0 failed, 0 disputed, 0 errors\n")


def test_a_rule_file_without_examples(run, prices) -> None:
    text = (prices / "prices.tariff").read_text(encoding="utf-8")
    (prices / "prices.tariff").write_text(text[: text.index("# Examples say")], encoding="utf-8")
    done = run("test", "prices.tariff")
    assert done.exit_code == 0
    assert done.stdout.startswith("prices.tariff  no examples\n")


def test_words_of_others_cannot_steer_the_terminal(run, prices) -> None:
    change(prices / "prices.tariff", '"the welcome quota pays', '"the \u202ewelcome quota pays')
    change(prices / "prices.tariff", "total == 6 USD", "total == 7 USD")
    done = run("test", "prices.tariff")
    assert "\u202e" not in done.stdout
    assert done.exit_code == 1
