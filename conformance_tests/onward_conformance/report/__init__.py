"""Reports. Each is made from a `Run`, and from nothing else."""
