"""Draws that anyone can repeat by hand from the printed seed: orders, groups, seats, layers of codes."""
