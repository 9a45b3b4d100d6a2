"""What the form's buttons do to the text of a manifest."""

from pathlib import Path as File
from typing import Any

import pytest

from appguard.apps.editing.actions import Done, act
from appguard.apps.editing.nodes import CannotEdit
from appguard.apps.manifest import Intent, Metadata, parse
from appguard.apps.templates import NOTHING, start
from appguard.apps.yaml_source import load
from appguard.connectors.registry import registry
from appguard.kernel.errors import Invalid

EXAMPLE = File("examples/leave-request/app.yaml").read_text()
ABOUT = {"id": "desk", "name": "Desk", "description": "d", "owner": "a@example.com", "team": "Facilities"}
PURPOSE = {
    "purpose": "Lend equipment without a list on paper.",
    "users": "employees",
    "data_class": "personal",
}


def press(text: str, do: str, **form: str) -> Done:
    return act(text, {"do": do, **form}, registry())


def nothing() -> str:
    bundle = start(NOTHING, Metadata.model_validate(ABOUT), Intent.model_validate(PURPOSE))
    return bundle.files["app.yaml"].decode()


def value(text: str) -> Any:
    return load(text.encode()).value


def test_an_app_grows_from_nothing_by_two_choices() -> None:
    form = press(nothing(), "form:pages.form", **{"pick:pages.form": "equipment-desk/borrow"})
    assert form.opened == ("pages", 0)
    table = press(form.text, "table:pages.table", **{"pick:pages.table": "equipment-desk/my_loans"})
    manifest = parse(table.text.encode())
    assert [(use.name, use.queries, use.commands) for use in manifest.connectors] == [
        ("equipment-desk", ("my_loans",), ("borrow",))
    ]
    ask, mine = manifest.pages
    assert [(field.name, field.type, field.required) for field in ask.fields] == [
        ("item", "text", True),
        ("due_on", "date", True),
        ("deposit", "number", False),
        ("note", "text", False),
    ]
    assert ask.submit.mapping is None
    assert [column.name for column in mine.columns] == ["item", "lent_on", "due_on", "status", "deposit"]


def test_every_approved_query_and_command_makes_a_page_that_is_a_manifest() -> None:
    for name, connector in registry().items():
        for verb, operations in (("table", connector.queries), ("form", connector.commands)):
            for operation in operations:
                text = press(
                    nothing(), f"{verb}:pages.{verb}", **{f"pick:pages.{verb}": f"{name}/{operation}"}
                ).text
                if verb == "table" or connector.commands[operation].parameters:
                    assert parse(text.encode()).pages[0].title


def test_what_was_entered_is_written_and_what_was_not_touched_stays() -> None:
    opened = "pages[0].fields[1]"
    done = press(
        EXAMPLE, "apply", opened=opened, **{"was.label": "First day", "now.label": "From", "was.help": ""}
    )
    assert done.text == EXAMPLE.replace("label: First day", "label: From")
    stale = press(EXAMPLE, "apply", opened=opened, **{"was.label": "Another", "now.label": "Another"})
    assert stale.text == EXAMPLE


def test_values_get_the_type_of_their_key_or_stay_what_was_typed() -> None:
    comment = "pages[0].fields[3]"
    entered = {"was.max_length": "300", "now.max_length": "30", "was.required": "", "now.required": "yes"}
    field = value(press(EXAMPLE, "apply", opened=comment, **entered).text)["pages"][0]["fields"][3]
    assert (field["max_length"], field["required"]) == (30, True)
    odd = {"was.max_length": "300", "now.max_length": "many"}
    assert (
        value(press(EXAMPLE, "apply", opened=comment, **odd).text)["pages"][0]["fields"][3]["max_length"]
        == "many"
    )
    emptied = press(EXAMPLE, "apply", opened=comment, **{"was.max_length": "300", "now.max_length": ""})
    assert "max_length" not in value(emptied.text)["pages"][0]["fields"][3]


def test_choices_are_written_one_a_line() -> None:
    entered = {"was.choices": "annual\nparental", "now.choices": "annual\r\n\r\n unpaid, long \r\n"}
    done = press(EXAMPLE, "apply", opened="pages[0].fields[0]", **entered)
    assert value(done.text)["pages"][0]["fields"][0]["choices"] == ["annual", "unpaid, long"]


def test_a_field_of_another_kind_loses_what_that_kind_does_not_know() -> None:
    done = press(EXAMPLE, "apply", opened="pages[0].fields[2]", **{"was.type": "date", "now.type": "choice"})
    field = value(done.text)["pages"][0]["fields"][2]
    assert (field["type"], "not_before" in field, field["choices"]) == ("choice", False, ["First", "Second"])


def test_a_page_goes_with_its_examples() -> None:
    done = press(EXAMPLE, "remove:pages[0]")
    assert value(done.text)["tests"] == []
    assert done.said == "Removed, and its examples with it."


def test_new_fields_get_names_nobody_has() -> None:
    text = EXAMPLE
    for _ in range(3):
        text = press(text, "field:pages[0]", **{"pick:pages[0].fields": "number"}).text
    names = [field["name"] for field in value(text)["pages"][0]["fields"]]
    assert names[-3:] == ["field", "field_2", "field_3"]
    parse(text.encode())


def test_a_table_of_other_rows_gets_their_columns_and_what_it_no_longer_asks_for_goes() -> None:
    done = press(EXAMPLE, "call:pages[1]", **{"pick:pages[1]": "hr-db/my_profile"})
    manifest = parse(done.text.encode())
    assert manifest.pages[1].source.query == "my_profile"
    assert manifest.pages[1].source.mapping is None
    assert "birth_date" in {column.name for column in manifest.pages[1].columns}
    assert set(manifest.connectors[0].queries) == {"my_leave_requests", "team_calendar", "my_profile"}


def test_parameters_are_chosen_and_a_form_with_the_right_names_needs_no_mapping() -> None:
    table = {
        "give.year": "$number($substring($today, 0, 4)) - 1",
        "gave.year": "$number($substring($today, 0, 4))",
    }
    done = press(EXAMPLE, "apply", opened="pages[1]", **table)
    assert (
        value(done.text)["pages"][1]["source"]["mapping"] == '{"year": $number($substring($today, 0, 4)) - 1}'
    )
    fixed = press(EXAMPLE, "apply", opened="pages[1]", **{**table, "give.year": "fixed", "say.year": "2026"})
    assert value(fixed.text)["pages"][1]["source"]["mapping"] == '{"year": 2026}'
    form = press(nothing(), "form:x", **{"pick:x": "equipment-desk/give_back"}).text
    note = press(
        form, "apply", opened="pages[0]", **{"give.note": "fixed", "say.note": 'a "b"', "gave.note": "note"}
    )
    assert value(note.text)["pages"][0]["submit"]["mapping"] == '{"item": item, "note": "a \\"b\\""}'
    back = press(note.text, "apply", opened="pages[0]", **{"give.note": "note", "gave.note": '"a \\"b\\""'})
    assert "mapping" not in value(back.text)["pages"][0]["submit"]


@pytest.mark.parametrize(
    "do",
    ["explode:pages[0]", "table:pages.table", "form:x", "call:pages[0]", "up:pages", "up:", "move"],
)
def test_buttons_that_do_not_exist_and_choices_not_made_are_said(do: str) -> None:
    with pytest.raises((Invalid, CannotEdit)):
        press(EXAMPLE, do, **{"pick:x": "no-such/thing", "pick:pages[0]": "hr-db/no_such"})


@pytest.mark.parametrize(
    "do", ["remove:pages[9]", "remove:metadata.no", "down:pages[3]", "up:pages[0]", "field:metadata"]
)
def test_what_is_not_there_cannot_be_changed(do: str) -> None:
    with pytest.raises((CannotEdit, Invalid)):
        press("pages: 3\nmetadata: 1\n" if "metadata" in do else EXAMPLE, do)
