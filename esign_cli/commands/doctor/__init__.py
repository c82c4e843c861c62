"""`esign doctor`: what is wrong on this computer, and what mends it."""
