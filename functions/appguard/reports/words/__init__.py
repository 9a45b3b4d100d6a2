"""A report in words: each file writes one part of the document."""
