"""What partners run against their own node or client, to prove it. It shares no code with the server."""
