"""Pure rules of the protocol: no I/O, no clock. The node and the client share them."""
