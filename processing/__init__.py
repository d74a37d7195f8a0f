"""Turns stored readings into states, rollups, forecasts and collection plans."""
