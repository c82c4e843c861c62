"""`esign verify`: is this signature valid, and why not."""
