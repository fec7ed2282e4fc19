"""What holds for all tests: examples of hypothesis may take their time, on machines that are busy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
