"""The live stream: what changed, sent once a second at most to everyone who may see it.

The database's NOTIFY is a hint without data. Each client has read up to a snapshot of transactions; with each hint it
reads what was committed since, so that nothing is skipped and nothing uncommitted is shown.
"""
