"""What stories are played on: agencies with real nodes, people, time, and who tells it."""
