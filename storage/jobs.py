"""Jobs by name, so that one service can defer what another runs without importing it."""

DRAFT_PLAN = "draft_plan"
"""Computes a requested plan; takes `plan_id`."""
