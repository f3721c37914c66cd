from pathlib import Path

import pytest
from sqlmodel import SQLModel

from dashboard.database import migrations
from tests.migrations.test_revisions import engine_of


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_and_created(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Two databases of one kind, made by the migrations and by the models; once of each kind."""
    if request.param == "sqlite":
        urls = [f"sqlite:///{tmp_path}/migrated.db", f"sqlite:///{tmp_path}/created.db"]
    else:
        new_database = request.getfixturevalue("_new_postgresql_database")
        urls = [new_database(), new_database()]
    migrations.migrate(urls[0])
    SQLModel.metadata.create_all(engine_of(urls[1]))
    return urls
