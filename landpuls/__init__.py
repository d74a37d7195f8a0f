"""The `landpuls` command: reads the settings, wires the other packages together, and speaks to the person before it."""

__version__ = "0.1.0"
