"""What the node does: proto in, proto out. The only place that decides."""
