"""The document with its exact figures, as JSON, and the schemas of it."""
