"""From PyPI's JSON of one version to the facts we judge by.

https://docs.pypi.org/api/json/ describes the form.
"""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from appguard.kernel.errors import Unavailable
from appguard.packages.model import Facts, Pin

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


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Info(_Part):
    license: str | None = None
    license_expression: str | None = None
    classifiers: tuple[str, ...] = ()
    yanked: bool = False


class _File(_Part):
    upload_time_iso_8601: AwareDatetime
    digests: dict[str, str] = Field(default_factory=dict)


class _Version(_Part):
    info: _Info
    urls: tuple[_File, ...] = ()


def facts(pin: Pin, document: bytes) -> Facts:
    """The facts in PyPI's answer; raises `Unavailable` where it answered something else."""
    try:
        read = _Version.model_validate_json(document)
    except ValidationError:
        raise Unavailable(f"the package index answered something unexpected about {pin.name}") from None
    return Facts(
        name=pin.name,
        version=pin.version,
        yanked=read.info.yanked,
        licence=_licence(read.info),
        released=min((file.upload_time_iso_8601 for file in read.urls), default=None),
        sha256=tuple(sorted(file.digests["sha256"] for file in read.urls if "sha256" in file.digests)),
    )


def _licence(info: _Info) -> str | None:
    """PEP 639's expression, else what the classifiers say alone, else the free text where it is short."""
    if info.license_expression:
        return info.license_expression[:MAX_LICENCE]
    named = sorted({CLASSIFIERS[one] for one in info.classifiers if one in CLASSIFIERS})
    if named:  # several classifiers may mean a choice or a combination: the stricter reading stands
        return " AND ".join(named)
    text = (info.license or "").strip()
    return text if text and len(text) <= MAX_LICENCE and "\n" not in text else None
