"""Laws of every price list and every account, over the random cases of `tests/reference`.

A law says what may be changed without changing the bill, or what must hold of any bill: adding what nothing refers to,
the order in which things stand, where a record is cut, when a bill is asked for. None needs to know what a bill comes
to, so none can be wrong in the same way as the engine.

`pytest tests/laws` asks each law of some hundred cases; `python -m tests.laws --law NAME --seed 1 --cases 1000000` of
any number. A case that breaks a law is made smaller, and printed.
"""
