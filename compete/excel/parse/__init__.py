"""Untrusted workbooks → plain rows.

This package runs in a child process of its own (see `child.py`) and imports nothing of the product, so
the child starts in a few hundredths of a second. Whatever a file does here, it does to the child.
"""
