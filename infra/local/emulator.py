"""MiniStack, the AWS emulator, in a virtual environment of its own and with IAM enforced.

Its Lambdas see its site-packages and inherit its environment. Hence: an environment that holds nothing
of ours, so that packaging mistakes show, and a bare set of variables, so that settings cannot leak in.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import httpx
from uv import find_uv_bin

from infra.local import process
from infra.local.command import run
from infra.local.places import ROOT, home
from infra.local.ports import LOOPBACK
from infra.local.status import aws_endpoint

REQUIREMENTS = Path(__file__).with_name("ministack.txt")
SITE = Path(__file__).with_name("emulator_site.py")
REGION = "us-east-1"
ACCOUNT = "000000000000"
ROOT_KEY = "test"  # MiniStack's fixed root credentials


def install() -> Path:
    """The emulator's program, installed from the hashed requirements when they changed.

    Platforms beside each other share it; it appears in one step, so that two may install at once.
    """
    made_of = (REQUIREMENTS.read_bytes(), SITE.read_bytes(), sys.version.encode())
    digest = hashlib.sha256(b"".join(made_of)).hexdigest()[:16]
    folder = ROOT / ".appguard" / f"emulator-{digest}"
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="installing-") as scratch:
            part = Path(scratch) / "venv"
            run([find_uv_bin(), "venv", "--quiet", "--relocatable", "--python", sys.executable, part])
            pip = (find_uv_bin(), "pip", "install", "--quiet", "--python", part)
            run([*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", REQUIREMENTS])
            (packages,) = part.glob("lib/python*/site-packages")
            shutil.copy(SITE, packages / "sitecustomize.py")
            with suppress(OSError):  # somebody else was faster
                part.rename(folder)
    return folder / "bin" / "ministack"


def start(port: int) -> process.Process:
    """Start it and wait until it answers."""
    folders = {name: home() / "aws" / name for name in ("state", "s3", "tmp")}
    shutil.rmtree(folders["tmp"], ignore_errors=True)
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "AUTH": "true",
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "HOME": str(folders["tmp"]),
        "IOT_MTLS_ENABLED": "0",
        "LANG": "C.UTF-8",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_REGION": REGION,
        "PATH": os.defpath,
        "PERSIST_STATE": "1",
        "S3_DATA_DIR": str(folders["s3"]),
        "S3_PERSIST": "1",
        "STATE_DIR": str(folders["state"]),
        "TMPDIR": str(folders["tmp"]),
    }
    started = process.start("emulator", [install()], environment, folders["tmp"])
    process.wait_until_ready(started, lambda: is_ready(port))
    return started


def is_ready(port: int) -> bool:
    """Whether it answers."""
    try:
        return httpx.get(f"{aws_endpoint(port)}/_ministack/ready", timeout=1).is_success
    except httpx.HTTPError:
        return False


@cache
def _session() -> Any:
    """One boto3 session for the harness, with the emulator's root key."""
    return boto3.Session(aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=REGION)


@cache
def client(service: str, port: int) -> Any:
    """A boto3 client of the emulator."""
    return _session().client(service, endpoint_url=aws_endpoint(port))
