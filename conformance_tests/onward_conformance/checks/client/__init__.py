"""What an agency's software does that works with the agency's own node."""
