"""`esign remind`: mail and SMS to those whose certificate ends."""
