"""Carries MQTT messages into storage and acknowledges each one only after it is committed."""
