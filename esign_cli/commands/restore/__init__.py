"""`esign restore`: a backup in the place of what is there."""
