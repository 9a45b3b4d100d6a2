import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.data import code
from appguard.gates.data.words import Personal

PERSONAL = Personal(names=frozenset({"birth_date", "days"}), queries=frozenset({"team_calendar"}))


def rules(source: str) -> list[str]:
    bundle = Bundle({"app.yaml": b"", "logic.py": source.encode()})
    return [finding.rule for finding in code.check(bundle, PERSONAL)]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ('print(row["birth_date"])', "logs"),
        ('logging.info("born %s", row.get("birth_date"))', "logs"),
        ('logging.getLogger(__name__).info(f"{birth_date}")', "logs"),
        ("sys.stderr.write(str(row.birth_date))", "logs"),
        ('self.logger.warning("x", extra={"a": email})', "logs"),
        ('d = row["birth_date"]\nt = f"born {d}"\nprint(t)', "logs"),
        ('rows = client.query("hr-db", "team_calendar")\nfor r in rows:\n    print(r)', "logs"),
        ('raise ValueError(f"bad {birth_date}")', "errors"),
        ('assert ok, f"bad {birth_date}"', "errors"),
        ('open(f"/tmp/{birth_date}.txt", "w")', "file-names"),
        ('(Path("/tmp") / birth_date).write_text("x")', "file-names"),
        ('smtp.sendmail("a", "b", "born " + birth_date)', "mail"),
        ('msg["Subject"] = f"For {birth_date}"', "mail"),
        ('url = "https://h.example/?b=" + birth_date', "urls"),
        ('requests.get(base, params={"b": birth_date})', "urls"),
        ('urlencode({"b": birth_date})', "urls"),
    ],
)
def test_personal_data_in_the_wrong_place_is_found(source: str, place: str) -> None:
    assert rules(source) == [f"personal-data-in-{place}"]


@pytest.mark.parametrize(
    "source",
    [
        'print("birth_date")',
        'print(len(client.query("hr-db", "team_calendar")))',
        'rows = client.query("hr-db", "team_calendar")\nprint(rows[0]["room"])',
        'print(row["room"])',
        'logging.info("%d rows", count)',
        'return_value = {"birth_date": birth_date}',
        'raise ValueError("the birth date is missing")',
        'open("/tmp/report.txt").write(birth_date)',
        'dict.get("birth_date")',
        "if birth_date > limit:\n    print(birth_date > limit)",
    ],
)
def test_other_uses_are_left_alone(source: str) -> None:
    assert rules(source) == []


def test_code_is_looked_at_whatever_the_case_of_its_name() -> None:
    bundle = Bundle({"app.yaml": b"", "LOGIC.PY": b"print(row['birth_date'])"})
    assert [finding.rule for finding in code.check(bundle, PERSONAL)] == ["personal-data-in-logs"]


def test_code_that_cannot_be_read_is_left_to_the_code_gate() -> None:
    assert rules("def (:") == []
    assert rules("x = " + "(" * 5000) == []


def test_a_finding_names_line_and_names() -> None:
    bundle = Bundle({"app.yaml": b"", "logic.py": b'\n\nprint(row["birth_date"])\n'})
    (finding,) = code.check(bundle, PERSONAL)
    assert (finding.path, finding.line) == ("logic.py", 3)
    assert "birth_date" in finding.message
