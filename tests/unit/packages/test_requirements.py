"""What pip would read and we refuse, and what both read alike."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appguard.packages.model import Pin
from appguard.packages.requirements import MAX_BYTES, read, said

HASH = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64


def rules(text: str | bytes) -> list[str]:
    content = text if isinstance(text, bytes) else text.encode()
    return [fault.rule for fault in read(content).faults]


@pytest.mark.parametrize(
    ("text", "pins"),
    [
        ("", ()),
        ("# nothing\n\n", ()),
        ("requests==2.32.3", (Pin("requests", "2.32.3"),)),
        ("Flask[async] == 3.1.0  # web", (Pin("flask", "3.1.0", extras=frozenset({"async"})),)),
        ("Zope.Interface==7.2\r\n", (Pin("zope-interface", "7.2"),)),
        ("x==1.0+cpu", (Pin("x", "1.0+cpu"),)),
        ("x==1.0.0 ; python_version >= '3.8'", (Pin("x", "1.0.0"),)),
        (f"x==1 --hash={HASH} --hash={OTHER}", (Pin("x", "1", (HASH, OTHER)),)),
        (
            f"x==1 \\\n    --hash={HASH} \\\n    --hash={OTHER}\n    # via y\n",
            (Pin("x", "1", (HASH, OTHER)),),
        ),
        ("\n\nx==1\n", (Pin("x", "1", line=3),)),
        ("# grüße\nx==1\n", (Pin("x", "1", line=2),)),
    ],
)
def test_exact_pins_are_read(text: str, pins: tuple[Pin, ...]) -> None:
    found = read(text.encode())
    assert (found.pins, found.faults) == (pins, ())


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("requests", "requirement-unpinned"),
        ("requests>=2", "requirement-unpinned"),
        ("requests==2.*", "requirement-unpinned"),
        ("requests===2.0", "requirement-unpinned"),
        ("requests==2.0,!=2.1", "requirement-unpinned"),
        ("requests~=2.0", "requirement-unpinned"),
        ("-e .", "requirement-option"),
        ("--editable=.", "requirement-option"),
        ("-r other.txt", "requirement-option"),
        ("-c other.txt", "requirement-option"),
        ("--index-url https://evil.example", "requirement-option"),
        ("--extra-index-url=https://evil.example", "requirement-option"),
        ("--find-links .", "requirement-option"),
        ("--trusted-host evil.example", "requirement-option"),
        ("--no-binary :all:", "requirement-option"),
        ("x==1 --global-option=--evil", "requirement-option"),
        ("x==1 --config-settings=a=b", "requirement-option"),
        (f"--hash={HASH}", "requirement-option"),
        ("https://evil.example/x.whl", "requirement-elsewhere"),
        ("x @ https://evil.example/x.whl", "requirement-elsewhere"),
        ("x@https://evil.example/x.whl", "requirement-elsewhere"),
        ("x[y]@https://evil.example/x.whl", "requirement-elsewhere"),
        ("git+ssh://git@evil.example/x", "requirement-elsewhere"),
        ("file:///etc/x", "requirement-elsewhere"),
        ("./x", "requirement-elsewhere"),
        ("../x", "requirement-elsewhere"),
        ("~/x", "requirement-elsewhere"),
        ("folder/x", "requirement-elsewhere"),
        ("x-1.0-py3-none-any.whl", "requirement-elsewhere"),
        ("x.tar.gz", "requirement-elsewhere"),
        ("x==1; python_version < '3'", "requirement-marker"),
        ("x==1; sys_platform == 'win32'", "requirement-marker"),
        ("x==1; extra == 'y'", "requirement-marker"),
        ("x==1; platform_release == '1'", "requirement-marker"),
        ("x==1; platform_version != ''", "requirement-marker"),
        ("x==1 --hash=md5:" + "a" * 32, "requirement-hash"),
        ("x==1 --hash=sha256:abc", "requirement-hash"),
        ("x==1 --hash=sha256:" + "g" * 64, "requirement-hash"),
        (f"x==1 --hash={HASH} --hash={HASH}", "requirement-hash"),
        ("x==1 y==2", "requirement-unreadable"),
        ("x==1#y", "requirement-unreadable"),
        ("x==not-a-version", "requirement-unreadable"),
        ("${NAME}==1", "requirement-unreadable"),
        ("x==1; " + "(" * 400, "requirement-unreadable"),
        ("\u0440aypal==1", "requirement-unreadable"),
    ],
)
def test_everything_else_is_refused_at_its_line(line: str, rule: str) -> None:
    found = read(f"ok==1\n{line}\n".encode())
    assert [(fault.rule, fault.line) for fault in found.faults if fault.rule == rule] == [(rule, 2)]
    assert all(fault.remedy for fault in found.faults)
    assert Pin("ok", "1") in found.pins


@pytest.mark.parametrize(
    "text",
    [
        "x==1 \\\ny==2",
        "x==1 \\\n-e .",
        "x==1 \\\n# comment\n--hash=" + HASH,
        "x==1 \\",
        "x=\\\n=1",
        "--index-\\\nurl https://evil.example",
    ],
)
def test_a_line_goes_on_for_hashes_only(text: str) -> None:
    assert "requirement-unreadable" in rules(text)


def test_a_comment_that_seems_to_go_on_hides_no_line_from_us() -> None:
    assert [pin.name for pin in read(b"x==1 # seen \\\ny==2\n").pins] == ["x", "y"]
    assert [pin.name for pin in read(b"# seen \\\ny==2\n").pins] == ["y"]


@pytest.mark.parametrize(
    "content",
    [
        b"x==1\n\xff\xfe",
        "x==1\n".encode("utf-16"),
        b"\xef\xbb\xbfx==1\n",
        "# seen\u2028evil==1\n".encode(),
        b"# seen\x0cevil==1\n",
        b"# seen\revil==1\n",
        "# \u202eevil\nx==1\n".encode(),
        b"x==1\0\n",
        b"# -*- coding: utf-7 -*-\nx==1\n",
        b"\n# vim: set fileencoding=latin-1 :\nx==1\n",
        b"x" * (MAX_BYTES + 1),
    ],
)
def test_a_file_that_shows_a_reader_less_than_pip_reads_is_refused_whole(content: bytes) -> None:
    found = read(content)
    assert [fault.rule for fault in found.faults] == ["requirements-unreadable"]
    assert found.pins == ()


def test_the_same_package_twice_is_refused_under_any_spelling() -> None:
    assert rules("Foo_Bar==1\nfoo.bar==1\n") == ["requirement-duplicate"]
    assert rules("x==1; python_version>'3'\nx==2\n") == ["requirement-duplicate"]


def test_more_packages_than_are_examined_are_refused() -> None:
    found = read("".join(f"p{n}==1\n" for n in range(101)).encode())
    assert len(found.pins) == 100
    assert [fault.line for fault in found.faults] == [101]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_crash(content: bytes) -> None:
    read(content)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xy=<>1.*;#\\ \n-@[]()'\"/ehas:,!~${}", max_size=80))
def test_no_line_is_lost_without_a_word(text: str) -> None:
    found = read(text.encode())
    said = [line for line in text.split("\n") if line.strip() and not line.strip().startswith("#")]
    assert bool(found.pins or found.faults) or not [line for line in said if line.strip("\\ ")]


@pytest.mark.parametrize(
    "junk", ["x==1; " + "(" * 90_000, "\\\n" * 60_000, "#" * 190_000, " --hash=" * 20_000]
)
def test_the_largest_file_is_read_within_two_seconds(junk: str) -> None:
    started = time.monotonic()
    read(junk.encode())
    assert time.monotonic() - started < 2


def test_what_is_asked_for_is_said_line_by_line_whatever_it_is() -> None:
    text = (
        b"Holiday_s[x]==0.50 \\\n  --hash=sha256:"
        + b"a" * 64
        + b"\r\n# ours\ngit+https://example.com/x.git\n\xff\n"
    )
    pin, *others = said(text)
    assert (pin.name, pin.version, pin.extras) == ("holiday-s", "0.50", {"x"})
    assert others == ["git+https://example.com/x.git", "\N{REPLACEMENT CHARACTER}"]
