"""Edges of the node: they convert, and never decide."""
