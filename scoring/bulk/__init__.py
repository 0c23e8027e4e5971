"""Whole fields at once, column by column with numpy; small fields and all other rules are `scoring.compute`'s.

    if not why_not(scheme):
        tally = Tally(scheme, columns)      # or from_facts(scheme, facts)
        tally.scores, tally.places, award(tally).tiers
"""

from .awards import Awards, award
from .awards import why_not as why_no_awards
from .columns import STATUS, Columns, Given, Sheets, from_facts
from .limits import why_not
from .standard import standardised
from .tally import Tally

__all__ = ["STATUS", "Awards", "Columns", "Given", "Sheets", "Tally", "award", "from_facts", "standardised", "why_no_awards", "why_not"]
