"""What a node does that refers on what it received."""
