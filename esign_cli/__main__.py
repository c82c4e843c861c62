"""`python -m esign_cli` is `esign`."""

from esign_cli.cli import run

if __name__ == "__main__":
    run()
