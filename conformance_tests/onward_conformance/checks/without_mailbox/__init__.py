"""What a node does that is no mailbox."""
