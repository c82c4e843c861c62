"""Messages to people: e-mail through the directorate's server, SMS through a gateway."""
