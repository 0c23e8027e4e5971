"""复核: samples of sheets looked through again."""

blueprints = ()
