from appguard.apps.bundle import Bundle
from appguard.apps.capabilities import ALL_ROWS, Capabilities, Kind
from appguard.connectors.registry import registry
from appguard.kernel.levels import DataClass
from tests.support.world import RISKY

MANIFEST = RISKY.files["app.yaml"]


def of(bundle: Bundle) -> Capabilities:
    return Capabilities.of(bundle, registry())


def subjects(found: Capabilities, kind: Kind) -> list[str]:
    return [each.subject for each in found.all if each.kind is kind]


def test_it_names_connectors_queries_columns_commands_pages_fields_and_exports() -> None:
    found = of(RISKY)

    assert subjects(found, Kind.CONNECTOR) == ["hr-db"]
    assert "hr-db/team_calendar" in subjects(found, Kind.QUERY)
    assert "hr-db/team_calendar/birth_date" in subjects(found, Kind.COLUMN)
    assert subjects(found, Kind.COMMAND) == ["hr-db/request_leave"]
    assert subjects(found, Kind.PAGE) == ["balance", "request", "requests", "team"]
    assert "request/comment" in subjects(found, Kind.FIELD)
    assert subjects(found, Kind.EXPORT) == ["team"]


def test_a_column_carries_its_class_and_whether_it_is_masked() -> None:
    [born] = [each for each in of(RISKY).all if each.subject.endswith("/birth_date")]

    assert (born.data_class, born.amount) == (DataClass.PERSONAL, 0)


def test_rows_that_belong_to_the_user_are_fewer_than_all_rows() -> None:
    rows = {each.subject: each.amount for each in of(RISKY).all if each.kind is Kind.ROWS}

    assert 0 < rows["hr-db/team_calendar"] < ALL_ROWS


def test_an_unknown_query_counts_as_the_most_sensitive() -> None:
    bundle = Bundle({"app.yaml": MANIFEST.replace(b"team_calendar]", b"salaries]")})

    [query] = [each for each in of(bundle).all if "salaries" in each.subject]

    assert query.data_class is DataClass.SPECIAL


def test_dependencies_are_pins_and_whatever_else_a_line_says() -> None:
    lines = b"# ours\nHoliday_s == 0.50 # dates\ngit+https://example.com/x.git\n--index-url https://x.example\n\xff\n"
    found = of(Bundle({"app.yaml": MANIFEST, "requirements.txt": lines}))

    assert subjects(found, Kind.DEPENDENCY) == [
        "--index-url https://x.example",
        "git+https://example.com/x.git",
        "holiday-s==0.50",
        "\N{REPLACEMENT CHARACTER}",
    ]


def test_code_is_counted_in_bytes_and_lines_of_python_alone() -> None:
    files = {
        "app.yaml": MANIFEST,
        "logic.py": b"a = 1\nb = 2\n",
        "tests/test_a.py": b"\xff",
        "notes.md": b"x" * 99,
    }
    found = of(Bundle(files)).by_key

    assert found[Kind.CODE_BYTES, ""].amount == 13
    assert found[Kind.CODE_LINES, ""].amount == 3


def test_the_fingerprint_follows_what_a_connector_gives_not_the_bundle_alone() -> None:
    assert of(RISKY).digest == of(RISKY).digest
    assert Capabilities.of(RISKY, {}).digest != of(RISKY).digest
