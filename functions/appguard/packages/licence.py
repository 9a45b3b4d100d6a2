"""The licence of a package, as precisely as its own metadata states it.

https://packaging.python.org/en/latest/specifications/core-metadata/ describes the fields.
"""

from packaging.metadata import RawMetadata

MAX_LICENCE = 100
# Classifiers that name exactly one SPDX licence; `BSD License` and its like may mean several.
CLASSIFIERS = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: GNU Affero General Public License v3": "AGPL-3.0-only",
    "License :: OSI Approved :: GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "License :: OSI Approved :: GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: MIT No Attribution License (MIT-0)": "MIT-0",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
    "License :: OSI Approved :: The Unlicense (Unlicense)": "Unlicense",
    "License :: OSI Approved :: Zope Public License": "ZPL-2.1",
}


def stated(metadata: RawMetadata) -> str | None:
    """PEP 639's expression, else what the classifiers say alone, else the free text where it is short."""
    if expression := metadata.get("license_expression"):
        return expression[:MAX_LICENCE]
    named = sorted({CLASSIFIERS[one] for one in metadata.get("classifiers", ()) if one in CLASSIFIERS})
    if named:  # several classifiers may mean a choice or a combination: the stricter reading stands
        return " AND ".join(named)
    text = metadata.get("license", "").strip()
    return text if text and len(text) <= MAX_LICENCE and "\n" not in text else None
