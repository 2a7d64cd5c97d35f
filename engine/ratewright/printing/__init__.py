"""Syntax tree → the canonical text of its rule file.

In: nodes of `syntax`. Out: text that reads as the same nodes; `formatting` proves that before it returns it.
"""
