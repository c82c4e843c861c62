"""What facts are called on screen: tables of words, and texts put together from them."""
