"""What every wing stands on: files, child processes, HTTP, time, Turkish text, nouns, errors."""
