"""`esign` alone: where things stand, and what is usually done next."""
