"""`esign setup`: the first settings, asked for."""
