"""What the objects of a log are called (C2SP tlog-tiles)."""

import re
from pathlib import Path

TILE = 256
"""Hashes of a tile, and entries of a bundle."""
TILE_NAME = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")
HEAD_NAME = re.compile(r"(checkpoints|witness)/(\d{20})")


def tile_name(level: str, index: int, width: int = TILE) -> str:
    """Path of a tile: index in groups of three digits, all but the last marked x (C2SP tlog-tiles)."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == TILE else f".p/{width}")


def bundle_name(entry: int, size: int) -> str:
    """Path of the bundle that holds an entry of a log of `size`."""
    number = entry // TILE
    return tile_name("entries", number, min(TILE, size - number * TILE))


def copies(folder: Path, level: str, index: int) -> dict[int, str]:
    """The stored forms of a tile by their width: full, and as partial as it was once."""
    full = tile_name(level, index)
    found = {TILE: full} if (folder / full).exists() else {}
    if (folder / f"{full}.p").is_dir():
        widths = sorted(int(one.name) for one in (folder / f"{full}.p").iterdir() if one.name.isdecimal())
        found |= {width: tile_name(level, index, width) for width in widths}
    return found


def belongs(name: str, size: int) -> bool:
    """Whether a log of `size` entries has an object of this name."""
    if name == "checkpoint":
        return True
    if head := HEAD_NAME.fullmatch(name):
        return int(head[2]) <= size
    match = TILE_NAME.fullmatch(name)
    if not match:
        return False
    level, groups, part = match.groups()
    index, width = int(groups.replace("x", "").replace("/", "")), int(part or TILE)
    span = 1 if level == "entries" else TILE ** int(level)
    return name == tile_name(level, index, width) and (index * TILE + width) * span <= size
