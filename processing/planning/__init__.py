"""Drafts a day's collection plan: reads the region, decides what must be emptied, solves, stores tours."""
