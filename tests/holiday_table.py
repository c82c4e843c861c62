"""The table of public holidays, written anew: `python -m tests.holiday_table`.

Run it when the lock brings another version of the library `holidays`.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from esign_cli.foundation import holiday_table, public_holidays

YEARS = range(2024, 2033)
"""As far as the days of both bayrams are announced."""
_HEAD = '''"""Turkey's public holidays as one version of the library `holidays` has them.

Loading it takes longer than judging a thousand people. Written by `python -m tests.holiday_table`.
"""

LIBRARY = "{library}"
DAYS = {{
'''


def written() -> str:
    """Return the module's text."""
    days = {year: sorted(public_holidays.worked_out(year)) for year in YEARS}
    lines = [f'    {year}: "{" ".join(f"{day:%m-%d}" for day in days[year])}",\n' for year in YEARS]
    return _HEAD.format(library=version("holidays")) + "".join(lines) + "}\n"


if __name__ == "__main__":
    Path(holiday_table.__file__).write_text(written(), "utf-8")
