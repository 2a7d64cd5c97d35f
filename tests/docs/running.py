"""Running the blocks of a page: each kind in its own way, all in one folder, in the order in which they stand."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ratewright.checks.run import check
from ratewright.cli.root import root
from ratewright.contracts.contract import contract_of
from ratewright.diagnostics import Diagnostic, Severity, Source, draw, errors_in
from ratewright.meaning import nodes as tree
from ratewright.refusal import RatingError
from ratewright.trial.examples import run_contract, run_examples
from ratewright.trial.fixtures import run_fixture
from ratewright.trial.results import Status, Trial
from ratewright.usage import read_all
from tests.docs.pages import ROOT, Block

BASES = Path(__file__).parent / "bases"
HERE = re.compile(r"^([ ]*)# here$", re.MULTILINE)
LEFT_OUT = "…"


class WrongError(AssertionError):
    """A block that does not do what its page says."""


class Runner:
    """The blocks of one page; `folder` is where its files lie."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python: dict[str, Any] = {"__name__": "docs"}
        (folder / "rules").symlink_to(ROOT / "rules")

    def run(self, block: Block) -> str:
        """Run a block. Returns the text that it should have: outputs of commands come from the commands."""
        if block.marked("not run") is not None:
            return block.text
        if (origin := block.marked("from")) is not None and block.text not in (ROOT / origin).read_text("utf-8"):
            raise WrongError(f"`{origin}` does not say this:\n{block.text}")
        name = block.marked("file")
        if name is not None and block.language != "diff":
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        with contextlib.chdir(self.folder):
            match block.language:
                case "console":
                    return self._console(block)
                case "tariff":
                    self._tariff(block)
                case "contract":
                    self._contract(block)
                case "yaml":
                    self._fixture(block)
                case "python":
                    self._python(block)
                case "diff":
                    self._edit(block, self.folder / (name or ""))
                case "json":
                    json.loads(block.text)
                case "csv":
                    assert len({len(row) for row in csv.reader(block.text.splitlines())}) == 1
                case "jsonl":
                    assert all(isinstance(json.loads(line), dict) for line in block.text.splitlines())
                case "sh" | "text" | "jinja" | "css" | "toml":
                    pass
                case other:
                    raise WrongError(f"nothing runs a block of `{other}`")
        return block.text

    # ------------------------------------------------------------ commands

    def _console(self, block: Block) -> str:
        written: list[str] = []
        commands = _commands(block.text)
        for number, (command, output) in enumerate(commands, start=1):
            code, found = run_command(command)
            wanted = int(block.marked("exit") or 0) if number == len(commands) else 0
            if code != wanted:
                raise WrongError(f"`{command}` leaves with {code}:\n{found}")
            found = "".join(f"{line.rstrip()}\n" for line in found.splitlines())
            written.append(f"$ {command}\n{output if fits(found, output) else found}")
        return "".join(written)

    # ------------------------------------------------------------ rule files

    def _tariff(self, block: Block) -> None:
        wanted = sorted(re.split(r",\s*", block.marked("refused") or "")) if block.marked("refused") else []
        for text in self._files(block):
            found, diagnostics = check(Source(block.marked("file") or "page.tariff", text))
            a_part = any(block.marked(of) for of in ("in", "each in", "from"))
            stops = errors_in(diagnostics) if a_part else diagnostics
            stops = [d for d in stops if d.severity is not Severity.NOTE]
            if sorted({d.code for d in stops}) != wanted:
                raise WrongError("\n".join(draw(d) for d in stops) or f"nothing is refused in\n{text}")
            if found is not None:
                _examples_hold(found)

    def _files(self, block: Block) -> Iterator[str]:
        whole, apart = block.marked("in"), block.marked("each in")
        if whole is not None:
            yield into(whole, block.text)
        elif apart is not None:
            yield from (into(apart, line) for line in block.text.splitlines() if line.strip())
        else:
            yield block.text

    # ------------------------------------------------------------ contracts

    def _contract(self, block: Block) -> None:
        """A contract beside the price list of the page that it names; its examples are billed with both."""
        wanted = block.marked("refused")
        contract, problems = contract_of(Source(block.marked("file") or "page.contract", block.text))
        trials: list[Trial] = []
        if contract is not None:
            try:
                trials = run_contract(contract, self._versions(contract.list.text, block))
            except RatingError as error:
                problems = [*problems, *error.diagnostics]
        if {d.code for d in problems} != (set(re.split(r",\s*", wanted)) if wanted else set()):
            raise WrongError("\n".join(draw(d) for d in problems) or "the contract is not refused")
        _hold(trials)

    def _versions(self, name: str, block: Block) -> list[tree.Tariff]:
        """The versions of a list in the folder of the block's file."""
        folder = (self.folder / (block.marked("file") or "page.contract")).parent
        read = [check(Source(path.name, path.read_text("utf-8")))[0] for path in sorted(folder.glob("*.tariff"))]
        return [tariff for tariff in read if tariff is not None and tariff.name == name]

    # ------------------------------------------------------------ fixtures

    def _fixture(self, block: Block) -> None:
        text, wanted = block.text, block.marked("refused")
        if block.marked("in"):
            text = into(block.marked("in") or "", text, ".yaml")
        path = self.folder / (block.marked("file") or "page.yaml")
        path.write_text(text, encoding="utf-8")
        accounts, problems = read_all(path)
        tariffs = self._tariffs()
        for usage in accounts:
            if usage.tariff in tariffs:
                trial = run_fixture((tariffs[usage.tariff],), usage)
                problems = [*problems, *trial.diagnostics]
                unmet = [f"{o.subject}: {o.got}, not {o.expected}" for o in trial.outcomes if not o.holds]
                if unmet:
                    raise WrongError("; ".join(unmet))
        if {d.code for d in problems} != (set(re.split(r",\s*", wanted)) if wanted else set()):
            raise WrongError("\n".join(draw(d) for d in problems) or "the fixture is not refused")

    def _tariffs(self) -> dict[str, tree.Tariff]:
        """The price lists in the page's folder, and those of the project."""
        read = [check(Source(path.name, path.read_text(encoding="utf-8")))[0] for path in self.folder.glob("*.tariff")]
        return {tariff.name: tariff for tariff in (*_own_lists(), *read) if tariff is not None}

    # ------------------------------------------------------------ Python, and changes of files

    def _python(self, block: Block) -> None:
        out = io.StringIO()
        code = compile(block.text, block.place, "exec")
        with contextlib.redirect_stdout(out):
            exec(code, self.python)
        said = [line.rsplit("  # ", 1)[1] for line in block.text.splitlines() if "print(" in line and "  # " in line]
        printed = out.getvalue().splitlines()
        if printed[: len(said)] != said:
            raise WrongError(f"it prints {printed}, and the page says {said}")

    def _edit(self, block: Block, path: Path) -> None:
        lines = block.text.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        text = path.read_text(encoding="utf-8")
        if text.count(before) != 1:
            raise WrongError(f"`{path.name}` does not hold these lines once:\n{before}\nbut\n{text}")
        path.write_text(text.replace(before, after), encoding="utf-8")


@cache
def _own_lists() -> list[tree.Tariff | None]:
    """The price lists of the project, read once for all pages."""
    paths = (ROOT / "rules").glob("*.tariff")
    return [check(Source(path.name, path.read_text(encoding="utf-8")))[0] for path in paths]


def into(base: str, text: str, ending: str = ".tariff") -> str:
    """A part of a file, put where its base has `# here`."""
    whole = (BASES / f"{base}{ending}").read_text(encoding="utf-8")
    place = HERE.search(whole)
    assert place is not None, base
    indented = "".join(f"{place.group(1)}{line}\n" if line.strip() else "\n" for line in text.splitlines())
    return whole[: place.start()] + indented + whole[place.end() :]


def _examples_hold(tariff: tree.Tariff) -> None:
    _hold(run_examples(tariff))


def _hold(trials: list[Trial]) -> None:
    for trial in trials:
        if trial.status not in (Status.PASSED, Status.DISPUTED):
            unmet = [f"{o.subject}: {o.got}, not {o.expected}" for o in trial.outcomes if not o.holds]
            raise WrongError(f"{trial.name}: {unmet} {_drawn(trial.diagnostics)}")


def _drawn(diagnostics: tuple[Diagnostic, ...]) -> str:
    return "\n".join(draw(d) for d in diagnostics)


def _commands(text: str) -> list[tuple[str, str]]:
    """Each command of a block, and the output below it."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:].rstrip("\n"), ""))
        else:
            command, output = found[-1]
            found[-1] = command, output + line
    return found


def fits(found: str, shown: str) -> bool:
    """Whether an output is the one shown, where a line of `…` alone stands for lines left out."""
    parts = re.split(rf"^[ ]*{LEFT_OUT}\n", shown, flags=re.MULTILINE)
    if len(parts) == 1:
        return found == shown
    pattern = "(?:.*\n)*?".join(map(re.escape, parts))
    return re.fullmatch(pattern, found) is not None


def run_command(command: str) -> tuple[int, str]:
    """The exit code of a command, and what it writes to standard output and standard error."""
    words = shlex.split(command)
    if words[0] == "cat":
        return 0, "".join(Path(name).read_text(encoding="utf-8") for name in words[1:])
    if words[0] != "ratewright":
        raise WrongError(f"only `ratewright` and `cat` are run, not `{words[0]}`")
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding="utf-8", write_through=True)
    standard = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = stream
    code = 0
    try:
        root.main(words[1:])
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0
    finally:
        sys.stdout, sys.stderr = standard
    return code, data.getvalue().decode("utf-8")


def updating() -> bool:
    """Whether pages are to be written anew instead of compared."""
    return bool(os.environ.get("RATEWRIGHT_UPDATE"))
