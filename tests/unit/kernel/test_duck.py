from pathlib import Path

import duckdb
import pytest

from appguard.kernel.duck import duck


@pytest.fixture
def shown(tmp_path) -> Path:
    """A folder whose name has to be written with care."""
    folder = tmp_path / "it's shown"
    folder.mkdir()
    return folder


@pytest.fixture
def database(shown):
    with duck(shown, threads=1) as opened:
        yield opened


def test_it_writes_and_reads_where_it_is_shown(database, shown):
    database.sql("SELECT 42 AS answer").write_parquet(str(shown / "one.parquet"))
    assert database.read_parquet(str(shown / "one.parquet")).fetchall() == [(42,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_parquet('s3://bucket/key')",
        "SELECT * FROM read_csv('https://example.com/a.csv')",
        "COPY (SELECT 1) TO '{outside}'",
        "ATTACH '{outside}' AS other",
        "EXPORT DATABASE '{outside}'",
        "INSTALL httpfs",
        "LOAD httpfs",
    ],
)
def test_it_reaches_nothing_else(database, tmp_path, sql):
    with pytest.raises(duckdb.Error):
        database.execute(sql.format(outside=tmp_path / "outside"))
    assert [file.name for file in tmp_path.iterdir()] == ["it's shown"]


@pytest.mark.parametrize(
    "setting",
    ["enable_external_access = true", "allowed_directories = ['/']", "memory_limit = '1TB'", "threads = 64"],
)
def test_nobody_can_tell_it_otherwise(database, setting):
    with pytest.raises(duckdb.Error, match=r"locked|cannot be changed|Cannot change"):
        database.execute(f"SET {setting}")


def test_a_variable_of_ours_is_no_table(database):
    secrets = database.sql("SELECT 'mine' AS word")  # noqa: F841 - DuckDB would find it by its name
    with pytest.raises(duckdb.CatalogException):
        database.execute("SELECT * FROM secrets")
