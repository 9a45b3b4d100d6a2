"""Read a zip archive that may be hostile: in memory, never to disk, in bounded time and space.

Readers of zip files disagree about archives that contradict themselves, so what one tool examined
another may not see. Everything said twice (central directory, local header, data) must agree here,
and each member is inflated by us, to no more than the size it declares.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from appguard.apps.bundle_rules import MAX_BYTES, MAX_FILES, BundleError, check_path, ignored, too_much

MAX_ARCHIVE = 2 * MAX_BYTES
DIRECTORY_ENTRY = 2048
MAX_COMMENT = 1024
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800


class Limits(NamedTuple):
    """How much an archive may hold: itself, its files by number, and all of them unpacked."""

    archive: int
    files: int
    unpacked: int


BUNDLE = Limits(MAX_ARCHIVE, MAX_FILES, MAX_BYTES)


class _Member(NamedTuple):
    """One member, and where its header and its data stand in the archive."""

    info: zipfile.ZipInfo
    start: int
    data: int
    end: int


def read(data: bytes, limits: Limits = BUNDLE) -> dict[str, bytes]:
    """The files of an archive by path, without what bundles ignore; raises `BundleError`."""
    if len(data) > limits.archive:
        raise too_much(limits.files, limits.unpacked)
    directory = _directory(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [_member(data, info) for info in archive.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, struct.error):
        raise BundleError("the file is not a readable zip archive") from None
    except UnicodeDecodeError:
        raise BundleError("a name in the archive is not UTF-8") from None
    _check_layout(members, directory, limits)
    return dict(_files(data, members))


def _directory(data: bytes, limits: Limits) -> int:
    """Where the central directory begins, before anything in it is believed or read."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _END.size - MAX_COMMENT))
    if at < 0 or len(data) - at < _END.size:
        raise BundleError("the file is not a readable zip archive, or its comment is longer than a line")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, at)
    if (disk, first_disk, here) != (0, 0, count) or at + _END.size + comment != len(data):
        raise BundleError("the archive is split, or its end is not where it says")
    if count > 2 * limits.files or size > limits.files * DIRECTORY_ENTRY:
        raise too_much(limits.files, limits.unpacked)
    if start + size != at:
        raise BundleError("the archive's directory is not where it says")
    return int(start)


def _member(data: bytes, info: zipfile.ZipInfo) -> _Member:
    """A member whose local header says the same as the directory."""
    name = info.orig_filename
    if not ignored(name):
        check_path(name.removesuffix("/"))
    _check_kind(info)
    if name != info.filename or not (name.isascii() or info.flag_bits & _UTF8):
        raise BundleError(f"the name {name!r:.100} can be read in two ways")
    header = _LOCAL.unpack_from(data, info.header_offset)
    signature, _, flags, method, _, _, *sizes, name_length, extra_length = header
    begin = info.header_offset + _LOCAL.size
    body = begin + name_length + extra_length
    said = [info.CRC, info.compress_size, info.file_size]
    agrees = (
        signature == b"PK\x03\x04"
        and data[begin : begin + name_length] == name.encode()
        and (flags, method) == (info.flag_bits, info.compress_type)
        and (sizes == said or (flags & _STREAMED and sizes in ([0, 0, 0], said)))
    )
    if not agrees:
        raise BundleError(f"the archive says two things about {name!r:.100}")
    return _Member(info, info.header_offset, body, body + info.compress_size)


def _check_kind(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if info.is_dir() else stat.S_IFREG):
        raise BundleError(f"{info.filename!r:.100} is a link or a device; only plain files are accepted")
    if info.flag_bits & _ENCRYPTED:
        raise BundleError(f"{info.filename!r:.100} is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BundleError(f"{info.filename!r:.100} is packed in a way that is not read")
    if info.is_dir() and info.file_size:
        raise BundleError(f"{info.filename!r:.100} is a folder with content")


def _check_layout(members: list[_Member], directory: int, limits: Limits) -> None:
    """No member twice, none within another, and in total no more than a bundle holds."""
    names = [member.info.filename for member in members]
    if len(names) != len(set(names)):
        raise BundleError("the archive holds the same file twice")
    if sum(member.info.file_size for member in members) > limits.unpacked:
        raise too_much(limits.files, limits.unpacked)
    ordered = sorted(members, key=lambda member: member.start)
    meets = any(one.end > other.start for one, other in pairwise(ordered))
    if meets or (ordered and ordered[-1].end > directory):
        raise BundleError("files in the archive overlap")


def _files(data: bytes, members: list[_Member]) -> Iterator[tuple[str, bytes]]:
    for info, _, start, end in members:
        if info.is_dir() or ignored(info.filename):
            continue
        content = data[start:end]
        if info.compress_type == zipfile.ZIP_DEFLATED:
            content = _inflate(content, info)
        if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
            raise BundleError(f"{info.filename!r:.100} is damaged")
        yield info.filename, content


def _inflate(packed: bytes, info: zipfile.ZipInfo) -> bytes:
    """At most one byte more than declared, which is enough to notice the lie."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(packed, info.file_size + 1)
    except zlib.error:
        raise BundleError(f"{info.filename!r:.100} is damaged") from None
    if len(content) > info.file_size or not unpacker.eof or unpacker.unused_data:
        raise BundleError(f"{info.filename!r:.100} is not as large as it says")
    return content
