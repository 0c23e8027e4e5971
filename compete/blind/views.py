"""加密: layers of codes, kept by different people, opened by two."""

blueprints = ()
