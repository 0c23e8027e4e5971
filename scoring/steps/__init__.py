"""Figures worked out from others: a catalogue of rules over one entry or the whole field."""
