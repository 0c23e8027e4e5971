"""Who receives what: tiers, medals, titles, teams, promotion to the next stage."""
