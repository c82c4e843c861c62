"""`esign schedule`: reminders and reports from cron or systemd."""
