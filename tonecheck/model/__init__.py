"""The tone model: a small transformer that judges every sentence in its context."""
