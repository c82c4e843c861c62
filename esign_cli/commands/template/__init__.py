"""`esign template`: empty workbooks to fill in."""
