"""The seeded fleet: how containers, roads, meters and bays behave, and what their sensors and radios make of it."""
