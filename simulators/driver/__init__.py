"""Simulated drivers: each is a phone that reads published tours, drives them, and reports what was collected."""
