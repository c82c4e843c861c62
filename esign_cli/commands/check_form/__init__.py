"""`esign check-form`: what would stop an application on the portal."""
