"""What the stories are played on: agencies with real nodes, people, time, and somebody who tells."""
