"""The same rows written by many programs: what other people's files really look like inside."""
