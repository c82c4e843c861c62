"""`esign applications`: from the first draft to the card in hand."""
