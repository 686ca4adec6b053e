"""All checks, by the part of the specification that they are about."""

from onward_conformance.check import CHECKS
from onward_conformance.checks import grants, header, inside, logs

ALL = CHECKS
"""All checks, by name."""

__all__ = ["ALL", "grants", "header", "inside", "logs"]
