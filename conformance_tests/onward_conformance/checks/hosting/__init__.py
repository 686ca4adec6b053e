"""What a node does that speaks for several agencies: each is answered as if it were alone."""
