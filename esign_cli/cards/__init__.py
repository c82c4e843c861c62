"""PKCS#11 in a child process: which module, which cards, what is on them, and raw signatures."""
