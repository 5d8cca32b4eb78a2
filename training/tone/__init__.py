"""Trains the tone model that tonecheck ships; see training/tone/README.md."""
