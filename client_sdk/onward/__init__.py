"""Onward: refer a person to another agency with exactly what she agreed to share."""
