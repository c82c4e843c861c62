"""What the number means with which a command ends."""

DONE = 0
BUG = 1
USAGE = 2
BAD_INPUT = 3
CARD = 4
"""No module, reader, card or certificate, or a fault of these."""
PIN_REFUSED = 5
PIN_LOCKED = 6
"""Locked (also by this try), or on its last try."""
SIGNATURE_FAILED = 7
PARTLY = 8
"""Partly done; also: rows were rejected."""
FAIL_ON = 9
INDETERMINATE = 10
ENVIRONMENT = 11
"""Disk, database, lock or network."""
REFUSED = 12
"""By a rule or by the user."""
INTERRUPTED = 130
