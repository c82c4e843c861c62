"""MEBBİS files to rows, read in a child process."""
