"""What every node answers, whatever its role: the outside of envelopes, and questions."""
