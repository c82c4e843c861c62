"""The app and its error boundary: the command table, help, options, settings, the console."""
