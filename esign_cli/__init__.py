"""Keep the qualified e-signatures of a Turkish education directorate alive."""

__version__ = "0.2.0"
