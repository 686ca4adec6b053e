"""`onward-node demo`."""
def demo() -> None:
    """Show it."""
