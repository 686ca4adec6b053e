"""What a node does that offers referrals."""
