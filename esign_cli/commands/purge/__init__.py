"""`esign purge`: delete those who left."""
