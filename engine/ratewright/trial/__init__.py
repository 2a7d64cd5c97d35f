"""Price lists put to the test: the examples of rule files and the expectations of fixtures.

In: a tariff with its examples, or a tariff and an account's usage. Out: for each what was given, what was
expected and what the engine gave.
"""
