"""RFC 5652 as it is read: SignedData, its structural rules, time stamps, the nouns of a report."""
