"""`esign calendar`: the days to come, as iCalendar."""
