from hypothesis import settings

# Machines under load are slow; a test of correctness does not fail for that.
settings.register_profile("scoring", deadline=None, max_examples=60)
settings.load_profile("scoring")
