"""The person who signs: looks, agrees, and gives what is secret; the keys at hand."""
