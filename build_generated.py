"""What a wheel holds beside the sources: compiled catalogues, its commit, and the docs."""

import subprocess
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GeneratedFiles(BuildHookInterface):  # type: ignore[type-arg]  (of Hatchling's own)
    """Hatchling's build hook: one `.mo` beside each `.po`, esign_cli/commit.txt, esign_cli/docs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        package = Path(self.root, "esign_cli")
        for source in (package / "locale").rglob("*.po"):
            with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
                write_mo(mo, read_po(po))
        if commit := self._commit():
            (package / "commit.txt").write_text(commit, "ascii")
        if self.target_name == "wheel" and version == "standard":  # editable: they lie beside it
            for language in ("en", "tr"):
                docs = str(Path(self.root, "docs", language))
                build_data["force_include"][docs] = f"esign_cli/docs/{language}"

    def _commit(self) -> str:
        """The checkout's commit; "" outside of one: a source archive brings the file along."""
        git = ("git", "-c", f"safe.directory={self.root}", "-C", self.root, "describe")
        words = ("--always", "--abbrev=40", "--exclude=*", "--dirty")
        try:
            own = Path(self.root, ".git").exists()
            return subprocess.check_output((*git, *words), text=True) if own else ""
        except (OSError, subprocess.CalledProcessError):
            return ""
