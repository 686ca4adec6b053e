"""All checks: a folder for each profile, a file for each part of the specification."""

from importlib import import_module
from pkgutil import walk_packages

from onward_conformance.check import CHECKS

for one in walk_packages(__path__, f"{__name__}."):
    import_module(one.name)

ALL = CHECKS
"""All checks, by name."""
