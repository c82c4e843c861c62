"""`esign config`: the settings."""
