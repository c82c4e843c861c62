"""`esign sign-form`: the application's text, signed with the card."""
