"""`esign eligible`: who may renew, and whose record needs updating."""
