"""What a node does that takes no knocks."""
