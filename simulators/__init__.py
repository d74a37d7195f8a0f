"""Device fleets and drivers that act from outside: they speak MQTT and HTTP only, seeded, with faults on purpose.

Nothing here knows the database or the services: what works with a simulated fleet works with one in the field.
"""
