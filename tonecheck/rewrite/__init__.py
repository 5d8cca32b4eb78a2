"""What to write instead: suggestions for findings, and whole drafts made fit to send. See docs/REWRITING.md."""
