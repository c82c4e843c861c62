"""One folder a use case: its options, its job, what it shows; they know nothing of each other."""
