"""What facts are called, for several use cases."""
