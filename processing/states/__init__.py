"""What a container or counter is like now, computed from its stored readings."""
