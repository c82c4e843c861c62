"""`esign audit`: who did what, and whether anything was changed unseen."""
