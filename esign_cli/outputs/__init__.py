"""What leaves the program: tables, charts, mail, SMS, PDF, calendars, the system's scheduler."""
