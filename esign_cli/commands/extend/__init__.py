"""`esign extend`: take a signature to a higher level."""
