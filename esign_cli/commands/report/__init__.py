"""`esign report`: how things stand."""
