"""What the region is made of: plain types, units, time, errors and the plan evaluator; pure Python without I/O.

Conventions used everywhere: metres, seconds, kilograms, litres, percent 0-100, km/h, vehicles an hour; longitude before
latitude (WGS 84); units stand in names (`_m`, `_s`, `_kg`, `_l`, `_kmh`); instants are aware UTC datetimes.
"""
