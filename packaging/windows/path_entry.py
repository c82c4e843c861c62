"""Put this folder into the user's PATH, or take it out: path_entry.py add|remove.

Not by the installer's own language, whose strings end at 1,024 characters.
"""

import ctypes
import sys
import winreg
from pathlib import Path

HWND_BROADCAST, WM_SETTINGCHANGE = 0xFFFF, 0x1A


def main(wanted: str) -> None:
    """Change HKCU\\Environment, and tell the programs that run."""
    here = str(Path(__file__).resolve().parent)
    access = winreg.KEY_READ | winreg.KEY_WRITE
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, "Environment", 0, access) as key:
        try:
            value, kind = winreg.QueryValueEx(key, "Path")
        except FileNotFoundError:
            value, kind = "", winreg.REG_EXPAND_SZ
        same = here.rstrip("\\").lower()
        parts = [part for part in value.split(";") if part.rstrip("\\").lower() not in ("", same)]
        if wanted == "add":
            parts.append(here)
        winreg.SetValueEx(key, "Path", 0, kind, ";".join(parts))
    ctypes.windll.user32.SendMessageTimeoutW(
        HWND_BROADCAST, WM_SETTINGCHANGE, 0, "Environment", 2, 1000, None
    )


if __name__ == "__main__":
    main(sys.argv[1])
