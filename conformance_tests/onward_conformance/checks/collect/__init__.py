"""What a node does that is reached through a mailbox only."""
