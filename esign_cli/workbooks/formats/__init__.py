"""The formats of workbooks: what a file is by its bytes, and its sheets as chunks of cells."""
