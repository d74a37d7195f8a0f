"""Rows: schema and migrations, named SQL, pools and tenants, the batch writer, the embedded PostgreSQL."""
