"""`ratewright format`."""

from tests.cli.conftest import change

RUN_TOGETHER = "unit a;unit b   # two\nsetting c=on\n"
APART = "unit a\nunit b  # two\n\nsetting c = on\n"


def test_a_file_is_rewritten(run, tmp_path) -> None:
    path = tmp_path / "a.tariff"
    path.write_text(RUN_TOGETHER)
    done = run("format", path)
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{path} changed\n1 file, 1 changed\n", "")
    assert path.read_text() == APART
    assert run("format", path).stdout == "1 file, 0 changed\n"
    assert path.read_text() == APART


def test_a_file_that_is_canonical_is_not_written(run, tmp_path) -> None:
    path = tmp_path / "a.tariff"
    path.write_text(APART)
    path.chmod(0o400)
    before = path.stat()
    assert run("format", path).exit_code == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_check_writes_nothing_and_counts(run, tmp_path) -> None:
    one, two = tmp_path / "1.tariff", tmp_path / "2.tariff"
    one.write_text(RUN_TOGETHER)
    two.write_text(APART)
    done = run("format", "--check", tmp_path)
    assert (done.exit_code, done.stdout) == (1, f"{one} would change\n2 files, 1 would change\n")
    assert one.read_text() == RUN_TOGETHER
    assert run("format", "--check", two).exit_code == 0


def test_standard_input_goes_to_standard_output(run) -> None:
    done = run("format", "-", stdin=RUN_TOGETHER)
    assert (done.exit_code, done.stdout, done.stderr) == (0, APART, "")
    assert run("format", "-", "--check", stdin=RUN_TOGETHER).exit_code == 1
    assert run("format", "-", "-", stdin="").exit_code == 2


def test_bills_are_the_same_afterwards(run, prices) -> None:
    change(prices / "prices.tariff", "\n", ";  # why\n")
    before = run("bill", "prices.tariff", "acme.yaml").stdout
    assert "total" in before
    assert run("format", "prices.tariff").exit_code == 0
    assert run("bill", "prices.tariff", "acme.yaml").stdout == before
    assert run("test", "prices.tariff").exit_code == 0


def test_nothing_is_written_if_one_file_is_wrong(run, tmp_path) -> None:
    one, two = tmp_path / "1.tariff", tmp_path / "2.tariff"
    one.write_text(RUN_TOGETHER)
    two.write_text("tariff a {\n")
    done = run("format", tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"--> {two}:1:10" in done.stderr
    assert one.read_text() == RUN_TOGETHER


def test_comments_that_would_change_their_order(run, tmp_path) -> None:
    path = tmp_path / "a.tariff"
    text = 'table t by a {\n  cite "x"  # first\n  b 3  # second\n}\n'
    path.write_text(text)
    done = run("format", path)
    assert done.exit_code == 2
    assert "error[L107]: the comments would change their order" in done.stderr
    assert f"--> {path}:2:13" in done.stderr
    assert "write a table's `cite` below its rows" in done.stderr
    assert path.read_text() == text


def test_a_fixture_is_not_taken_for_rules(run, prices) -> None:
    done = run("format", "acme.yaml")
    assert done.exit_code == 2
    assert "`acme.yaml` is no rule file" in done.stderr
    assert "`format` reads *.tariff" in done.stderr


def test_line_ends_and_characters_stay(run, tmp_path) -> None:
    path = tmp_path / "a.tariff"
    path.write_bytes('unit a;unit b # é\r\nexample "×"{cite "”"}\r\n'.encode())
    assert run("format", path).exit_code == 0
    assert path.read_bytes().decode() == 'unit a\r\nunit b  # é\r\n\r\nexample "×" {\r\n  cite "”"\r\n}\r\n'
