"""A year of an administrator, day by day, beside an oracle that says who must have got what."""
