"""Versions of a price list in one folder: billed, explained, tested, and from Python."""

from __future__ import annotations

import json

import pytest

import ratewright
from ratewright.diagnostics import RatewrightError

OLD = """tariff calls_list "Calls" { currency USD;  timezone "UTC";  effective from 2026-01-01 until 2026-03-01 }
unit call, calls
meter m in calls
charge fee { on m;  every month;  rate 1 USD/call }
"""
NEW = OLD.replace("from 2026-01-01 until 2026-03-01", "from 2026-03-01").replace("rate 1", "rate 2")
ACME = """account: acme
tariff: calls_list
usage:
  - {meter: m, at: 2026-02-10T10:00:00Z, quantity: 5}
  - {meter: m, at: 2026-03-10T10:00:00Z, quantity: 5}
expect:
  - {period: 2026-02, total: 5.00 USD}
  - {period: 2026-03, total: 10.00 USD}
"""


@pytest.fixture
def versions(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "2026-01.tariff").write_text(OLD)
    (tmp_path / "prices" / "2026-03.tariff").write_text(NEW)
    (tmp_path / "acme.yaml").write_text(ACME)
    return tmp_path


def test_each_month_is_billed_by_its_version(run, versions) -> None:
    done = run("bill", "prices", "acme.yaml", "--from", "2026-02", "--to", "2026-03", "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert [bill["total"] for bill in json.loads(done.stdout)["bills"]] == ["5.00", "10.00"]


def test_an_explanation_names_the_version(run, versions) -> None:
    assert "price list of 2026-01-01" in run("explain", "prices", "acme.yaml", "--period", "2026-02").stdout
    assert "price list of 2026-03-01" in run("explain", "prices", "acme.yaml", "--period", "2026-03").stdout


def test_a_fixture_is_tested_by_all_versions(run, versions) -> None:
    done = run("test", "prices", "acme.yaml")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "1 passed, 0 failed, 0 disputed, 0 errors")


def test_versions_that_leave_a_gap_are_refused(run, versions) -> None:
    (versions / "prices" / "2026-03.tariff").write_text(NEW.replace("from 2026-03-01", "from 2026-03-02"))
    done = run("bill", "prices", "acme.yaml")
    assert done.exit_code == 2
    assert "leave a gap" in done.stderr
    assert run("test", "prices", "acme.yaml").exit_code != 0


def test_a_folder_of_several_lists_is_refused(run, versions) -> None:
    (versions / "prices" / "other.tariff").write_text(NEW.replace("calls_list", "another"))
    done = run("bill", "prices", "acme.yaml")
    assert done.exit_code == 2
    assert "2 price lists: another, calls_list" in done.stderr


def test_a_folder_without_a_list_is_refused(run, versions) -> None:
    (versions / "empty").mkdir()
    done = run("bill", "empty", "acme.yaml")
    assert done.exit_code == 2
    assert "no rule file" in done.stderr


def test_from_python(versions) -> None:
    tariff = ratewright.load_versions("prices/2026-03.tariff", "prices/2026-01.tariff")
    made = tariff.statement(ratewright.read_usage("acme.yaml"), "2026-02", "2026-03")
    assert [bill.total for bill in made.bills] == [5, 10]
    assert [bill.due for bill in made.bills] == [5, 10]
    with pytest.raises(RatewrightError):
        ratewright.load_versions()


def test_check_sees_where_versions_do_not_meet(run, versions) -> None:
    assert run("check", "prices").exit_code == 0
    path = versions / "prices" / "2026-01.tariff"
    path.write_text(OLD.replace("until 2026-03-01", "until 2026-02-01"))
    done = run("check", "prices")
    assert done.exit_code == 1
    assert "error[A209]: two versions of `calls_list` leave a gap: one holds until 2026-02-01" in done.stdout
    (versions / "elsewhere").mkdir()
    path.rename(versions / "elsewhere" / "2026-01.tariff")  # another folder has its own lists
    assert run("check", "prices", "elsewhere").exit_code == 0


def test_check_sees_lines_that_do_not_agree_on_the_change(run, versions) -> None:
    """A month goes on over the 15th, and a day or a record does not: billing refuses it, so `check` says it before."""
    old, new = versions / "prices" / "2026-01.tariff", versions / "prices" / "2026-03.tariff"
    old.write_text(OLD.replace("until 2026-03-01", "until 2026-03-15"))
    new.write_text(NEW.replace("from 2026-03-01", "from 2026-03-15"))
    assert run("check", "prices").exit_code == 0
    for every in ("day", "record"):
        old.write_text(old.read_text() + f"charge each {{ on m; every {every}; rate 1 USD/call }}\n")
        done = run("check", "prices")
        assert (done.exit_code, "error[A209]: prices change on 2026-03-15" in done.stdout) == (1, True)
        old.write_text(OLD.replace("until 2026-03-01", "until 2026-03-15"))
