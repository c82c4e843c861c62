"""`esign person`: all that is known of somebody, and the administrator's own word on it."""
