"""The HTTP service: REST, a live stream and the page, each request within its tenant's view of the database."""
