"""`esign import` and `esign imports`: workbooks into the database."""
