"""What partners run against their own node or client. It shares no code with the server."""
