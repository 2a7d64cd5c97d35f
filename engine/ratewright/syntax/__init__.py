"""Text → syntax tree.

In: the text of a rule file. Out: its declarations as typed nodes with their places (`nodes`), and the
diagnostics of whatever could not be read. One broken declaration does not hide the others. Names are
not looked up and units not checked here: that is `resolve`. `parser` is the way in.
"""
