"""From scores to places: totals, classes, tolerance, tie chains, standings and the reasons for them."""
