"""The rules of renewal: verdicts, policy, reminders; the application and its life cycle."""
