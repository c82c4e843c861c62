"""`esign institutions`: which schools can sign, and which cannot."""
