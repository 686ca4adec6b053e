"""The reference node: an agency's, or a country's, end of the protocol."""
