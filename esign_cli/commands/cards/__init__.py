"""`esign check-card` and `esign cards`: what lies in the readers."""
