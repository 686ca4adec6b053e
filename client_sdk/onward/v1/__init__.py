"""The messages and services of the protocol, generated from proto/onward/v1."""
