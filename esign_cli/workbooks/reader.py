"""Workbooks as sheets of cells; the reading happens in a child process that may die of it."""

from __future__ import annotations

import contextlib
import marshal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from esign_cli.foundation.child import Child
from esign_cli.foundation.errors.environment import ChildDied, ChildTimedOut
from esign_cli.foundation.errors.workbooks import WorkbookTooLarge
from esign_cli.workbooks.mebbis.cells import Block, Cell, NewHeader, Plan, SheetTop
from esign_cli.workbooks.mebbis.columns import Unpacker

PROGRAM = "esign_cli.workbooks.reader_process"
MEMORY_LIMIT = 4 << 30
"""Bytes of address space that reading one workbook may take."""
TIME_LIMIT = 300.0
"""Seconds that opening a workbook, or one block of its rows, may take."""
HASH_SEED = 0
"""The digests of rows are compared with those of earlier imports."""
AHEAD = 12
"""Blocks asked for before they are needed: the child reads on while we work."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """An opened workbook; its rows are read on demand."""

    path: Path
    file_type: str
    sha256: str
    size: int
    sheets: tuple[SheetTop, ...]
    day: tuple[str, ...]
    """As `inner_dates.oldest` has it."""
    _asks: _Asks

    def blocks(self, sheet: int, plan: Plan) -> Iterator[Block | NewHeader]:
        """Yield the sheet's rows, in order, read as the plan says, up to a header that stands
        otherwise.

        Such a header comes last; a plan that `goes_on` then reads the rows below it. Raises
        WorkbookTooLarge or WorkbookDamaged.
        """
        self._asks.ask("rows", sheet, *(getattr(plan, field.name) for field in fields(plan)))
        for _ in range(AHEAD):
            self._asks.send("next")
        self._asks.answer()
        unpacker = Unpacker()
        header = None
        while (answer := self._asks.answer()) is not None:
            is_block, *rest = answer
            if not is_block:
                header = NewHeader(*rest)
                continue
            if header is None:
                self._asks.send("next")
            yield unpacker.block(rest)
        for _ in range(AHEAD - 1 - (header is not None)):
            self._asks.answer()
        if header is not None:
            yield header

    def cells(
        self, sheet: int, columns: Sequence[int], rows: Iterable[int] = (), *, form: bool = False
    ) -> dict[int, tuple[Cell, ...]]:
        """Return some rows by their number, or all, as they stand in the file."""
        self._asks.ask("cells", sheet, form, list(columns), frozenset(rows))
        return dict(self._asks.answer())


_ahead: list[Child] = []


def start_ahead() -> None:
    """Start a child that the first workbook will be opened by; it ends with us in any case."""
    _ahead.append(_child(MEMORY_LIMIT))


def _child(memory: int) -> Child:
    return Child(PROGRAM, memory_limit=memory, hash_seed=HASH_SEED)


class WorkbookReader:
    """Opens workbooks one after the other; the first is being read from the moment this is made.

    So the caller can open its database meanwhile. To be closed when no workbook is wanted any more.
    """

    def __init__(
        self, paths: Sequence[Path], *, memory: int = MEMORY_LIMIT, seconds: float = TIME_LIMIT
    ) -> None:
        self._memory = memory
        self._seconds = seconds
        self._started: dict[Path, _Asks] = {}
        for path in paths[:1]:
            self._started[path] = self._start(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for asks in self._started.values():
            asks.child.close()

    @contextlib.contextmanager
    def open(self, path: Path) -> Iterator[Workbook]:
        """Open the workbook at `path`, whatever its name ends in.

        Raises FileMissing, FileUnreadable, WorkbookEmpty, WorkbookEncrypted, WorkbookHasMacros,
        WorkbookForeign, WorkbookDamaged or WorkbookTooLarge.
        """
        asks = self._started.pop(path, None) or self._start(path)
        with asks.child:
            file_type, sha256, size, tops, *day = asks.answer()
            sheets = tuple(
                SheetTop(index, name, rows, visible, tuple(top), tuple(across))
                for index, (name, rows, visible, top, across) in enumerate(tops)
            )
            yield Workbook(path, file_type, sha256, size, sheets, tuple(day), asks)

    def _start(self, path: Path) -> _Asks:
        ahead = _ahead and self._memory == MEMORY_LIMIT
        asks = _Asks(_ahead.pop() if ahead else _child(self._memory), path, self._seconds)
        asks.ask("open", str(path))
        return asks


@dataclass(frozen=True, slots=True)
class _Asks:
    """Questions to the child, whose death is told as what it means for the file."""

    child: Child
    path: Path
    seconds: float

    def ask(self, *question: Any) -> None:
        self.child.send(marshal.dumps(question, 2))

    def send(self, word: str) -> None:
        self.child.send(marshal.dumps((word,), 2))

    def answer(self) -> Any:
        try:
            return marshal.loads(self.child.receive(self.seconds))  # noqa: S302  (our own child)
        except (ChildDied, ChildTimedOut) as error:
            raise WorkbookTooLarge.from_cause(error, path=str(self.path)) from error
