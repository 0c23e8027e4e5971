from hypothesis import settings

# Machines under load are slow; a test of correctness does not fail for that.
settings.register_profile("scoring", deadline=None, derandomize=False)
settings.load_profile("scoring")
