"""`esign backup`: one file with all that is kept."""
