"""Report → one output a module."""
