"""The roster on a PostgreSQL server, which several desks share."""
