"""The story in pictures."""

from onward_server.demo.told import Told


def render(told: Told) -> str:
    return ""
