"""The public vote: people's phones, and what they chose."""

blueprints = ()
