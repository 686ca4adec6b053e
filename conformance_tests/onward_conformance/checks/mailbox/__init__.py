"""What a node does that holds the mail of agencies that nobody can reach."""
