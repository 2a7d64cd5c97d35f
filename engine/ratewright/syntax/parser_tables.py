"""The parser, ready-made: building it from the grammar takes 0.6 s, loading its tables a fraction.

`python -m ratewright.syntax.parser_tables` writes `_tables.py` from `grammar/ratewright.lark`; with `--check` it
says whether the file is the grammar's. The grammar decides: where it differs from the tables, as while
it is being edited, the parser is built from it.
"""

from __future__ import annotations

import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import NonTerminal, Rule, RuleOptions, Terminal
from lark.lexer import TerminalDef
from lark.parsers.lalr_analysis import IntParseTable, Reduce, Shift
from lark.parsers.lalr_parser import LALR_Parser, _Parser

from ratewright.limits import Limits
from ratewright.resources import grammar_file
from ratewright.syntax.lexer import KeywordLexer
from ratewright.syntax.lexing import LineEnds

STARTS = ("file", "declaration", "expr", "price")
_TABLES = Path(__file__).with_name("_tables.py")


def make_parser(transformer: Any, limits: Limits) -> Lark:
    """A parser that hands each reduced rule to `transformer`."""
    grammar = grammar_file().read_bytes()
    options = {
        "transformer": transformer,
        "postlex": LineEnds(limits),
        "g_regex_flags": re.ASCII,
        "_plugins": {"ContextualLexer": KeywordLexer},
    }
    try:
        from ratewright.syntax import _tables
    except ImportError:
        return _build(grammar.decode(), strict=False, **options)
    if sha256(grammar).hexdigest() != _tables.GRAMMAR_SHA256:
        return _build(grammar.decode(), strict=False, **options)
    data: dict[str, Any] = _tables.DATA
    lexer = {**data["parser"]["lexer_conf"], "g_regex_flags": re.ASCII}
    data = {**data, "parser": {**data["parser"], "lexer_conf": lexer}}  # the tables stay as they were written
    options["_plugins"] = {**options["_plugins"], "LALR_Parser": _ShortRows}
    made: Lark = Lark._load_from_dict(data, _ready_memo(_tables), **options)  # type: ignore[no-untyped-call]
    return made


class _Reduction:
    """A rule in the tables. Lark compares and looks up rules at each step, which by their contents takes time."""

    __slots__ = ("expansion", "origin")

    def __init__(self, rule: Rule) -> None:
        self.origin = rule.origin
        self.expansion = rule.expansion


class _ShortRows:
    """Takes the place of Lark's own loader; called by Lark, with rows of numbers as `_short_rows` writes them."""

    @staticmethod
    def deserialize(data: dict[str, Any], memo: dict[int, Any], callbacks: Any, debug: bool = False) -> LALR_Parser:
        tokens, written = data["tokens"], data["states"]
        reductions = {number: _Reduction(rule) for number, rule in memo.items() if isinstance(rule, Rule)}
        actions = {state: (Shift, state) for state in written} | {~n: (Reduce, r) for n, r in reductions.items()}
        states = {state: {tokens[t]: actions[a] for t, a in row.items()} for state, row in written.items()}
        table: Any = IntParseTable(states, data["start_states"], data["end_states"])  # type: ignore[no-untyped-call]
        made = LALR_Parser.__new__(LALR_Parser)
        made._parse_table = table
        calls = {**callbacks, **{reductions[number]: callbacks[memo[number]] for number in reductions}}
        made.parser = _Parser(table, calls, debug)
        return made


def _ready_memo(tables: Any) -> dict[int, Any]:
    """Terminals and rules by number. Lark takes what is ready as it is; its own way to make them takes 15 ms."""
    memo: dict[int, Any] = dict(tables.TERMINALS)
    for number, (origin, expansion, order, alias, *options) in tables.RULES.items():
        parts = [NonTerminal(s) if isinstance(s, str) else Terminal(*s) for s in expansion]
        memo[number] = Rule(NonTerminal(origin), parts, order, alias, RuleOptions(*options))
    return memo


def _build(grammar: str, *, strict: bool, **options: Any) -> Lark:
    return Lark(
        grammar,
        start=list(STARTS),
        parser="lalr",
        strict=strict,
        maybe_placeholders=False,
        **{"g_regex_flags": re.ASCII, "postlex": LineEnds(Limits()), **options},
    )


def tables_text() -> str:
    """The text of `_tables.py` for the grammar as it stands. Raises lark's GrammarError for a conflict."""
    grammar = grammar_file().read_bytes()
    data, memo = _build(grammar.decode(), strict=True).memo_serialize([TerminalDef, Rule])
    data["options"] = {
        name: value
        for name, value in data["options"].items()
        if name not in ("postlex", "transformer", "g_regex_flags", "lexer_callbacks", "plugins", "_plugins")
    }
    data["parser"]["lexer_conf"].pop("g_regex_flags")
    data["options"]["strict"] = False  # checked here, once; checking again at each start takes 0.1 s
    data["parser"]["parser"]["states"] = _short_rows(data["parser"]["parser"]["states"])
    terminals = {number: part for number, part in memo.items() if part["__type__"] == "TerminalDef"}
    rules = {number: _short_rule(part) for number, part in memo.items() if part["__type__"] == "Rule"}
    return (
        '"""The parse tables of grammar/ratewright.lark. Written by ratewright.syntax.parser_tables; not edited."""\n'
        f"GRAMMAR_SHA256 = {sha256(grammar).hexdigest()!r}\n"
        f"DATA = {_lines(_plain(data), 3)}\n"
        f"TERMINALS = {_lines(_plain(terminals), 1)}\n"
        f"RULES = {_lines(_plain(rules), 1)}\n"
    )


def _short_rows(states: dict[int, dict[int, tuple[int, Any]]]) -> dict[int, dict[int, int]]:
    """For each state and token the state to go to, or `~` the number of the rule to reduce by, which is below 0."""
    return {
        state: {token: target if kind == 0 else ~target["@"] for token, (kind, target) in row.items()}
        for state, row in states.items()
    }


def _short_rule(rule: dict[str, Any]) -> tuple[Any, ...]:
    """What `Rule` is made of: a rule's name is a text, a token's stands beside whether it is left out of the tree."""
    expansion = [(s["name"], s["filter_out"]) if "filter_out" in s else s["name"] for s in rule["expansion"]]
    options = [value for name, value in rule["options"].items() if name != "__type__"]
    return (rule["origin"]["name"], expansion, rule["order"], rule["alias"], *options)


def _plain(value: Any) -> Any:
    """The same data in Python's own types, in one order, so that the file is the same on every run."""
    if isinstance(value, dict):
        return {_plain(k): _plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(v) for v in value)
    if isinstance(value, list | tuple):
        return type(value)(_plain(v) for v in value)
    return str(value) if isinstance(value, str) else value


def _lines(value: Any, levels: int) -> str:
    """`repr`, with a line for each entry of the outer `levels`."""
    if not levels or not isinstance(value, dict):
        return repr(value)
    return "{\n" + "".join(f"{k!r}: {_lines(v, levels - 1)},\n" for k, v in value.items()) + "}"


def automaton(tables: dict[str, Any]) -> list[Any]:
    """What the tables do, whatever numbers they use: states in the order in which they are reached.

    The automaton of an LALR grammar is unique, but Lark numbers its states as its sets happen to run.
    """
    parser = tables["DATA"]["parser"]["parser"]
    tokens, states, starts = parser["tokens"], parser["states"], parser["start_states"]
    number: dict[int, int] = {}
    queue = [starts[start] for start in sorted(starts)]
    rows: list[Any] = []
    for state in queue:
        if state in number:
            continue
        number[state] = len(number)
        row = sorted((tokens[token], action) for token, action in states[state].items())
        rows.append(row)
        queue += [action for _, action in row if action >= 0]
    described = [
        [(token, number[action] if action >= 0 else tables["RULES"][~action]) for token, action in row] for row in rows
    ]
    return [described, sorted(map(str, tables["TERMINALS"].values()))]


def is_fresh() -> bool:
    """Whether `_tables.py` holds the grammar's own tables."""
    from ratewright.syntax import _tables

    wanted: dict[str, Any] = {}
    exec(tables_text(), wanted)  # our own text, made a line above
    return wanted["GRAMMAR_SHA256"] == _tables.GRAMMAR_SHA256 and automaton(vars(_tables)) == automaton(wanted)


def main(arguments: list[str]) -> int:
    """Write the tables, or check them. Returns the exit code."""
    if "--check" in arguments:
        fresh = is_fresh()
        stale = "stale; run python -m ratewright.syntax.parser_tables"
        print("parse tables:", "the grammar's" if fresh else stale)
        return 0 if fresh else 1
    _TABLES.write_text(tables_text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
