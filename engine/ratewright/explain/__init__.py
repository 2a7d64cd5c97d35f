"""The explanation of a bill: its trace told in plain words, as text, Markdown, HTML or JSON.

In: a `rating.bill.Bill` or `Statement`. `bill_document` walks it into a `document.Document`, whose sentences
come from one template per kind of trace node in `templates/words/`; each form (`text_form`, `html_form` …) then lays
the same document out. Out: a string. `render.render` is the way in, `render.render_with_template` the one for a
template that a user brings.
"""
