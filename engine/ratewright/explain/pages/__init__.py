"""The document as a page: HTML, and PDF for paper."""
