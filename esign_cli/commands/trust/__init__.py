"""`esign trust`: the roots that are accepted."""
