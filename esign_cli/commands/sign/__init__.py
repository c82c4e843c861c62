"""`esign sign`: any files, with one PIN."""
