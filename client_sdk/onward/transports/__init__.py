"""Ways to a node: rest, grpc, and memory for tests. Each carries any RPC of the specification."""
