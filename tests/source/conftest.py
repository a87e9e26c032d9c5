"""Properties may take their time on a busy machine."""

from hypothesis import settings

settings.register_profile("source", deadline=None)
settings.load_profile("source")
