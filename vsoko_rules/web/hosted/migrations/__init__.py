"""Migrations of the database of a region, for PostgreSQL and SQLite."""
