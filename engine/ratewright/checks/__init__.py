"""Static checks: what is legal in a rule file and still likely wrong. One check a file, in the list of `run`.

In: the text of a rule file, which `run` reads and resolves, or for one check a `Tariff`. Out: notes and warnings, with
what to write if that was not meant. What a price comes to is asked of `pricing`, never reckoned here.
"""
