"""`ratewright check`."""

import json

import pytest

from tests.cli.conftest import change


def test_a_clean_file(run, prices) -> None:
    done = run("check", "prices.tariff")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "1 file, 0 errors, 0 warnings\n", "")


def test_an_error_is_drawn_and_counted(run, prices) -> None:
    change(prices / "prices.tariff", "timezone   ", "timzone    ")
    done = run("check", "prices.tariff")
    assert done.exit_code == 1
    assert "--> prices.tariff:6:3" in done.stdout
    assert "^^^^^^^" in done.stdout
    assert "did you mean `timezone`?" in done.stdout
    assert done.stdout.endswith("\n\n1 file, 1 error, 0 warnings\n")


def test_a_warning_is_no_finding_unless_strict(run, prices) -> None:
    with (prices / "prices.tariff").open("a") as stream:
        stream.write("setting vip = off\n")
    relaxed, strict = run("check", "prices.tariff"), run("check", "--strict", "prices.tariff")
    assert "warning[" in relaxed.stdout
    assert relaxed.stdout.endswith("1 file, 0 errors, 1 warning\n")
    assert (relaxed.exit_code, strict.exit_code) == (0, 1)
    assert relaxed.stdout == strict.stdout


def test_a_folder_is_searched_at_any_depth(run, prices) -> None:
    (prices / "a" / "b").mkdir(parents=True)
    (prices / ".hidden").mkdir()
    (prices / "prices.tariff").rename(prices / "a" / "b" / "deep.tariff")
    (prices / "a" / "top.tariff").write_text("nonsense\n")
    (prices / ".hidden" / "other.tariff").write_text("nonsense\n")
    done = run("check", ".")
    assert done.exit_code == 1
    assert "--> a/top.tariff:1:1" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("2 files, 1 error")


def test_a_file_named_twice_is_checked_once(run, prices) -> None:
    assert run("check", ".", "prices.tariff", "./prices.tariff").stdout.startswith("1 file,")


def test_standard_input(run, prices) -> None:
    done = run("check", "-", stdin="tariff x {\n")
    assert done.exit_code == 1
    assert "--> <stdin>:" in done.stdout


def test_every_path_that_cannot_be_read_is_named_and_nothing_is_checked(run, prices) -> None:
    done = run("check", "prices.tariff", "nix.tariff", "acme.yaml/x")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "cannot read `nix.tariff`: no such file or directory" in done.stderr
    assert "cannot read `acme.yaml/x`: not a directory" in done.stderr


def test_a_folder_without_rule_files(run, tmp_path) -> None:
    done = run("check", tmp_path)
    assert done.exit_code == 2
    assert "there is no rule file (*.tariff)" in done.stderr


def test_a_fixture_is_not_taken_for_rules(run, prices) -> None:
    done = run("check", "acme.yaml")
    assert done.exit_code == 2
    assert "`acme.yaml` is no rule file" in done.stderr


def test_bytes_that_are_no_text_are_a_finding(run, tmp_path) -> None:
    (tmp_path / "a.tariff").write_bytes(b"tariff \xff")
    done = run("check", tmp_path)
    assert done.exit_code == 1
    assert "is not UTF-8" in done.stdout


def test_json(run, prices) -> None:
    change(prices / "prices.tariff", "timezone   ", "timzone    ")
    done = run("check", "prices.tariff", "--format", "json")
    data = json.loads(done.stdout)
    assert done.exit_code == 1
    assert data["schema"] == "ratewright/check/1"
    assert data["summary"] == {"files": 1, "errors": 1, "warnings": 0, "notes": 0}
    (found,) = data["diagnostics"]
    assert (found["file"], found["line"], found["column"]) == ("prices.tariff", 6, 3)
    assert found["severity"] == "error"
    assert data["left_out"] == 0


def test_json_escapes_what_cannot_be_seen(run, tmp_path) -> None:
    (tmp_path / "a.tariff").write_text("tariff \u202ex 中 {}\n", encoding="utf-8")
    done = run("check", tmp_path, "--format", "json")
    assert "\u202e" not in done.stdout
    assert "\\u202e" in done.stdout
    assert "中" in done.stdout


@pytest.mark.parametrize("style", ["text", "json"])
def test_no_more_diagnostics_than_the_limit(run, prices, style: str) -> None:
    with (prices / "prices.tariff").open("a") as stream:
        stream.writelines(f"setting s{number} = off\n" for number in range(7))
    done = run("check", ".", "--format", style, "--max-diagnostics", "3")
    if style == "json":
        data = json.loads(done.stdout)
        assert (len(data["diagnostics"]), data["left_out"], data["summary"]["warnings"]) == (3, 4, 7)
    else:
        assert done.stdout.count("warning[") == 3
        assert "… and 4 more" in done.stdout
        assert done.stdout.endswith("1 file, 0 errors, 7 warnings\n")
