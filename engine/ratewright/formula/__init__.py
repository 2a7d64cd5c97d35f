"""Formulas at work: a node of the tree becomes a function of the values it is given.

In: an `Expression` and what it may read. Out: its exact value, or EvaluationError with the place in the rule file.
This is the only interpreter of formulas.
"""
