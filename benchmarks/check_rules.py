"""`check` of a rule file of 10,000 lines, against Lark's own parse of the same text with positions."""

from __future__ import annotations

import re

from lark import Lark

from benchmarks.result import Result, ratio, side_by_side
from ratewright.checks.run import check
from ratewright.diagnostics import Source, errors_in
from ratewright.limits import Limits
from ratewright.resources import grammar_file
from ratewright.syntax.lexing import LineEnds

LINES = 10_000
HEADER = """tariff big "Big list" {
  currency USD
  timezone "UTC"
}
unit call, calls
setting postpaid = on
"""
PART = """
meter calls_{n} "Calls of API {n}" {{
  field    status one of success, failed = success
  where    status == success
  measure  sum(quantity) in calls
}}
package pack_{n} "package {n}" {{
  covers   calls_{n}
  sizes {{
      1,000 calls      75 USD
     10,000 calls     550 USD
  }}
  valid    1 year from purchase
  refund   in full within 7 days of purchase if unused
}}
charge fee_{n} "fee {n}" {{
  on       calls_{n}
  every    month
  when     postpaid
  volume {{
    below    10,000   0.08 USD/call
    below   100,000   0.06 USD/call
    beyond            0.04 USD/call
  }}
}}
deduct calls_{n} from pack_{n} > fee_{n}
"""


def rule_file() -> str:
    """A correct rule file of at least 10,000 lines."""
    parts = [HEADER]
    lines = HEADER.count("\n")
    while lines < LINES:
        parts.append(PART.format(n=len(parts)))
        lines += PART.count("\n")
    return "".join(parts)


def measure() -> list[Result]:
    """At most 3 times the parse."""
    limits = Limits()
    text = rule_file()
    lark = Lark(
        grammar_file().read_text(encoding="utf-8"),
        start="file",
        parser="lalr",
        propagate_positions=True,
        maybe_placeholders=False,
        postlex=LineEnds(limits),
        g_regex_flags=re.ASCII,
    )
    found, diagnostics = check(Source("big.tariff", text), limits)
    assert found is not None, errors_in(diagnostics)[:1]
    measured, base = side_by_side(lambda: check(Source("big.tariff", text), limits), lambda: lark.parse(text), 5)
    name = f"`check` of {text.count(chr(10)):,} lines"
    return [ratio(name, measured, base, 3, "Lark's own parse of the same text, with positions")]
