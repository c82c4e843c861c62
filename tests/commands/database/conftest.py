"""A database on a server, and the users who come to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.conftest import Esign, Ran
from tests.support.postgres import Cluster


@dataclass
class Shared:
    """A database on a server, and commands on it by a user of the server."""

    cluster: Cluster
    esign: Esign
    name: str

    def address(self, user: str = "postgres") -> str:
        return self.cluster.address(self.name, user)

    def by(self, user: str, *words: str) -> Ran:
        return self.esign("--db", self.address(user), *words)

    def sql(self, text: str) -> str:
        return self.cluster.sql(self.name, text).strip()

    def user(self, name: str, *, also: str = "", role: str = "") -> str:
        """A user of the server who may log in, in one of the roles of this database."""
        self.sql(f"DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN {also}")
        if role:
            self.sql(f"GRANT {self.name}_{role} TO {name}")
        return name


@pytest.fixture
def shared(cluster: Cluster, esign: Esign) -> Iterator[Shared]:
    address = cluster.new()
    name = address.partition("?")[0].rpartition("/")[2]
    yield Shared(cluster, esign, name)
    cluster.run("dropdb", "-h", str(cluster.folder), "-U", "postgres", "--force", name)
    for role in ("owner", "editor", "reader"):
        cluster.sql("postgres", f"DROP ROLE IF EXISTS {name}_{role}")
