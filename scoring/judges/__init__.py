"""Judges beside each other, for people to look at; nothing is decided by these figures."""
