"""The demo: two nodes hand over cases, on one machine."""
