"""The demonstration: every service as a process of its own under one supervisor, on a simulated district."""
