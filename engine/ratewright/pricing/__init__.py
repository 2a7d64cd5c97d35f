"""Prices in numbers only: no text, no trace, no tree of a rule file.

In: exact numbers. Out: exact numbers.
"""
