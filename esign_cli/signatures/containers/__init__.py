"""Containers of CAdES signatures: e-Yazışma packages, and ASiC-S and ASiC-E with CAdES.

A container is judged by its signatures and by every part that these name: each has to be there with
the digest that was signed.
"""

from __future__ import annotations

from esign_cli.signatures.containers import asic, e_yazisma
from esign_cli.signatures.containers.container import Container, Enclosed, Reference
from esign_cli.signatures.containers.parts import Parts

__all__ = ["Container", "Enclosed", "Reference", "read_container"]

_READERS = (e_yazisma.read, asic.read)


def read_container(data: bytes) -> Container | None:
    """Return what a ZIP holds if it is a container of signatures; None: it is another ZIP.

    Raises ContainerUnreadable and ContainerTooLarge; ContainerUnsupported for one whose version or
    whose kind of signature is not read, or that is not signed yet.
    """
    parts = Parts.of(data)
    return next(
        (container for reader in _READERS if (container := reader(parts)) is not None), None
    )
