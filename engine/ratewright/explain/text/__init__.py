"""The document as lines of characters: for a terminal, and as Markdown."""
