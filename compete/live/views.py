"""The hall: the host's console, the clock, screens, the host's script."""

blueprints = ()
