"""Ways between places: how far and how long."""
