"""Exact values: numbers, units, money, dates, durations and periods.

In: text and figures. Out: immutable values that every other part shares. Nothing here knows of rule
files or bills, and no binary float exists: a number is an `int` or a `fractions.Fraction`.
"""
