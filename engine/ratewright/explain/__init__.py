"""The explanation of a bill: its trace told in plain words, as text, Markdown, HTML, PDF or JSON.

In: a `rating.bill.Bill` or `Statement`, or the comparison of two bills. `bill_document` and `comparison_document` walk
it into a `document.Document` of `sections/` and `rows/`, whose sentences (`wording/`) come from one template per kind
of trace node in `templates/words/`; each form (`text/`, `pages/`, `machine/`) then lays the same document out. Out: a
string. `render.render` is the way in, `render.render_with_template` the one for a template that a user brings.
"""
