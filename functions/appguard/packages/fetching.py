"""Ask the index about a requirements.txt, fetch its wheels, and keep all of it for those who may not ask."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from appguard.kernel.ids import BundleDigest
from appguard.packages import requirements
from appguard.packages.model import Resolution

if TYPE_CHECKING:
    from appguard.packages.store import PackageStore


@dataclass(frozen=True)
class Fetching:
    """The part of the platform that reaches the package index."""

    store: "PackageStore"
    resolve: Callable[[bytes], Resolution]
    of_bundle: Callable[[BundleDigest], bytes]

    def fetch(self, text: str | None, bundle: BundleDigest | None) -> Resolution:
        """What is known now of a file, or of a bundle's; what was known before stays where asking failed."""
        content = text.encode() if text is not None else self.of_bundle(bundle) if bundle else b""
        if not content.strip():
            return Resolution()
        digest = sha256(content).hexdigest()
        known = self.resolve(content)
        before = self.store.resolution(digest) if known.failed else None
        if before:
            known = before.model_copy(update={"failed": known.failed})
        self.store.save_resolution(digest, known)
        return known


@cache
def fetching() -> Fetching:
    """The deployment's, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.apps.catalog import bundle_in  # noqa: PLC0415 - with its client
    from appguard.packages.resolve import Resolve  # noqa: PLC0415 - with its client
    from appguard.packages.settings import IndexSettings  # noqa: PLC0415 - likewise
    from appguard.packages.source import PackageIndex  # noqa: PLC0415 - likewise
    from appguard.packages.store import PackageStore  # noqa: PLC0415 - likewise

    settings = IndexSettings.from_env()
    store = PackageStore(boto3.client("s3"), settings.bucket)

    def resolve(content: bytes) -> Resolution:
        if not settings.url:
            return Resolution(failed="this platform was given no package index")
        index = PackageIndex(settings.url, store, authorization=_login(settings.secret))
        return Resolve(index, store.keep_installed)(content)

    def of_bundle(digest: BundleDigest) -> bytes:
        return bundle_in(boto3.client("s3"), settings.bucket, digest).files.get(requirements.FILE, b"")

    return Fetching(store, resolve, of_bundle)


def _login(secret: str) -> str:
    """The header for a mirror that wants one: the secret holds `user:password`."""
    if not secret:
        return ""
    import boto3  # noqa: PLC0415 - few mirrors want a login
    from urllib3.util import make_headers  # noqa: PLC0415 - comes with boto3

    login = boto3.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    return str(make_headers(basic_auth=login)["authorization"])
