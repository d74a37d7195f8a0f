"""Compiled parts of the search: integer arithmetic on arrays, the same on every x86-64, no fast-math."""
