"""A user's own template: the document as plain data, and the process in which it renders."""
