"""`esign database`: where the database lies, whether it is whole, and packing it."""
