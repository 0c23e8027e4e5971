"""Two at once, on both databases: whoever comes second decides on what the first left, never on what it read before."""
