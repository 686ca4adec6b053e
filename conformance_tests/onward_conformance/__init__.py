"""What partners run against their own node or client. It shares no code with the server."""

from importlib.metadata import version

__version__ = version("onward")
