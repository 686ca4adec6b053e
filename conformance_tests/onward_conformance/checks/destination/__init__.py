"""What a node does that receives referrals."""
