"""Archives that lie. Each is built by the book, then bent."""

import contextlib
import io
import os
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.archive import MAX_ARCHIVE, read
from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import BundleError

Cheap = Callable[[], AbstractContextManager[None]]
GOOD = {"app.yaml": b"a: 1\n", "docs/help.txt": b"help " * 100}


def packed(files: dict[str, bytes], comment: bytes = b"") -> bytearray:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        warnings.simplefilter("ignore")
        zipped.comment = comment
        for name, content in files.items():
            zipped.writestr(name, content)
    return bytearray(buffer.getvalue())


def entry(data: bytes, number: int = 0) -> int:
    """Where the n-th entry of the central directory stands."""
    at = -1
    for _ in range(number + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    return at


def refused(data: bytes, words: str, cheap: Cheap) -> None:
    with cheap(), pytest.raises(BundleError, match=words):
        Bundle.from_zip(bytes(data))


def test_an_honest_archive_is_read_with_a_comment_as_git_writes_it() -> None:
    assert read(bytes(packed(GOOD, b"c" * 40))) == GOOD


def test_a_streamed_archive_is_read() -> None:
    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:
            self.data += bytes(data)
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in GOOD.items():
            zipped.writestr(name, content)
    assert read(stream.data) == GOOD


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/cron.d/x", "a/../../x", "C:\\x", "..\\x", "NUL", "a/COM1.txt"]
)
def test_names_that_leave_the_folder_are_refused(name: str, cheap: Cheap) -> None:
    refused(packed({**GOOD, name: b"x"}), "plain relative path|Windows", cheap)


def test_colliding_names_are_refused(cheap: Cheap) -> None:
    refused(packed({**GOOD, "App.yaml": b"x"}), "one name", cheap)


def test_a_bomb_costs_no_more_than_its_directory(cheap: Cheap) -> None:
    refused(packed({**GOOD, "zeros": b"\0" * 20_000_000}), "more than", cheap)


def test_a_bomb_that_declares_little_is_inflated_no_further(cheap: Cheap) -> None:
    data = packed({"zeros": b"\0" * 20_000_000, **GOOD})
    at = entry(data)
    for offset in (at + 24, 22):  # the size in the directory and in the local header
        struct.pack_into("<L", data, offset, 10)
    refused(data, "not as large as it says", cheap)


def test_a_lie_whose_checksum_fits_the_declared_part_is_still_a_lie(cheap: Cheap) -> None:
    data = packed({"zeros": b"\0" * 20_000_000, **GOOD})
    at = entry(data)
    for size, crc in ((at + 24, at + 16), (22, 14)):
        struct.pack_into("<L", data, size, 10)
        struct.pack_into("<L", data, crc, zlib.crc32(b"\0" * 10))
    refused(data, "not as large as it says", cheap)


def test_an_archive_within_an_archive_is_only_content(cheap: Cheap) -> None:
    inner = bytes(packed({"zeros": b"\0" * 20_000_000}))
    for _ in range(10):
        inner = bytes(packed({f"{n}.zip": inner for n in range(2)}))
    with cheap():
        assert Bundle.from_zip(bytes(packed({**GOOD, "inner.zip": inner}))).files["inner.zip"] == inner


def test_zip64_is_refused(cheap: Cheap) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped, zipped.open("app.yaml", "w", force_zip64=True) as member:
        member.write(b"a: 1\n")
    refused(buffer.getvalue(), "two things", cheap)


def test_a_hundred_thousand_members_are_refused_before_they_are_listed(cheap: Cheap) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for number in range(100_000):
            zipped.writestr(zipfile.ZipInfo(str(number)), b"")
    data = buffer.getvalue()
    refused(data, "more than|split", cheap)


def test_members_that_overlap_are_refused(cheap: Cheap) -> None:
    data = packed({"app.yaml": b"a" * 50, "b": b"b"})
    first, second = entry(data), entry(data, 1)
    name = data[first + 46 : first + 54]
    assert name == b"app.yaml"
    clone = bytearray(data[first : first + 54])
    clone[46:54] = b"app.yam2"
    grown = data[:first] + data[first:second] + clone + data[second:]
    end = grown.rindex(b"PK\x05\x06")
    struct.pack_into("<2H", grown, end + 8, 3, 3)
    struct.pack_into("<L", grown, end + 12, end - first)
    refused(grown, "two things|overlap", cheap)


def test_two_members_of_one_body_are_refused(cheap: Cheap) -> None:
    data = packed({"app.yaml": b"a" * 50})
    at = entry(data)
    grown = data[:at] + data[at : at + 54] * 2 + data[at + 54 :]
    end = grown.rindex(b"PK\x05\x06")
    struct.pack_into("<2HL", grown, end + 8, 2, 2, end - at)
    refused(grown, "twice|overlap", cheap)


def test_a_wrong_checksum_is_refused(cheap: Cheap) -> None:
    data = packed(GOOD)
    for offset in (entry(data) + 16, 14):
        struct.pack_into("<L", data, offset, 1)
    refused(data, "damaged", cheap)


def test_an_encrypted_member_is_refused(cheap: Cheap) -> None:
    data = packed(GOOD)
    data[entry(data) + 8] |= 1
    data[6] |= 1
    refused(data, "encrypted", cheap)


@pytest.mark.parametrize("method", [12, 14, 93, 99])
def test_a_rare_packing_is_refused(method: int, cheap: Cheap) -> None:
    data = packed(GOOD)
    struct.pack_into("<H", data, entry(data) + 10, method)
    refused(data, "not read", cheap)


def test_a_name_that_differs_in_the_local_header_is_refused(cheap: Cheap) -> None:
    data = packed(GOOD)
    data[30:38] = b"evil.txt"
    refused(data, "two things", cheap)


def test_a_name_that_is_not_utf_8_is_refused(cheap: Cheap) -> None:
    data = packed({"app.yaml": b"", "caf\u00e9": b""})
    broken = data.replace("caf\u00e9".encode(), b"caf\xff\xfe")
    refused(broken, "UTF-8", cheap)
    for offset in (entry(data, 1) + 8, data.index(b"PK\x03\x04", 4) + 6):
        struct.pack_into("<H", data, offset, 0)
    refused(data, "two ways|plain", cheap)


def test_a_name_cut_short_by_a_zero_is_refused(cheap: Cheap) -> None:
    data = packed({"app.yaml": b"", "x.txt#.exe": b""}).replace(b"x.txt#.exe", b"x.txt\0.exe")
    refused(data, "plain relative path|two ways", cheap)


@pytest.mark.parametrize("comment", [b"x" * 65_535, b"PK\x05\x06" + b"\0" * 18])
def test_a_comment_that_is_absurd_or_an_archive_of_its_own_is_refused(comment: bytes, cheap: Cheap) -> None:
    refused(packed(GOOD, comment), "zip archive|end is not|directory is not|no app", cheap)


def test_bytes_before_the_archive_are_refused(cheap: Cheap) -> None:
    refused(b"#!/bin/sh\n" + packed(GOOD), "directory is not where", cheap)


def test_a_large_archive_is_not_opened(cheap: Cheap) -> None:
    data = b"PK\x03\x04" * (MAX_ARCHIVE // 4 + 1)
    refused(data, "more than", cheap)


def test_a_folder_with_content_and_a_device_are_refused(cheap: Cheap) -> None:
    for mode, name, content in ((0, "d/", b"x"), (0o020666, "dev", b""), (0o010666, "pipe", b"")):
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as zipped:
            zipped.writestr("app.yaml", b"")
            zipped.writestr(info, content)
        refused(buffer.getvalue(), "link or a device|folder with content", cheap)


def test_what_bundles_leave_out_is_left_out_of_archives_too() -> None:
    files = {**GOOD, ".github/workflows/x.yml": b"x", "__pycache__/a.pyc": b"y"}
    assert Bundle.from_zip(bytes(packed(files))).digest == Bundle(GOOD).digest


@given(st.data())
def test_an_archive_with_any_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    bent = packed(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        bent[data.draw(st.integers(0, len(bent) - 1))] = data.draw(st.integers(0, 255))
    try:
        files = read(bytes(bent))
    except BundleError:
        return
    assert set(files.values()) <= set(GOOD.values())


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(junk: bytes) -> None:
    for data in (junk, bytes(packed(GOOD)) + junk, os.urandom(64)):
        with contextlib.suppress(BundleError):
            read(data)
