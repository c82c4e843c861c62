"""Several tables in one pass, each sorted by its first column: a national id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esign_cli.store.rows import Row


def by_first_column(streams: Sequence[Iterator[Row]]) -> Iterator[tuple[str, list[list[Row]]]]:
    """Yield each value of it, with the rows of each table that begin with it."""
    heads: list[Row] = [next(stream, _END) for stream in streams]
    places = range(len(streams))
    while (national_id := min([head[0] for head in heads])) != _LAST:
        parts: list[list[Row]] = []
        for place in places:
            mine: list[Row] = []
            head = heads[place]
            if head[0] == national_id:
                stream = streams[place]
                while head[0] == national_id:
                    mine.append(head)
                    head = next(stream, _END)
                heads[place] = head
            parts.append(mine)
        yield national_id, parts


_LAST = "\U0010ffff"
"""Sorts after every national id."""
_END: Row = (_LAST,)
