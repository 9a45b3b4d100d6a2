"""A report's files for whoever may read the ledger's bucket and has nothing else of the deployment."""

from typing import TYPE_CHECKING

from appguard.audit.objects import written_first
from appguard.kernel.errors import NotFound
from appguard.reports.manifest import SIGNED

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def fetch(client: "S3Client", bucket: str, report_id: str) -> dict[str, bytes]:
    """Every file of the report by its name; raises `NotFound`.

    Of an attempt that did not come to its end there is no manifest: it is passed over.
    """
    prefix = f"reports/{report_id}/"
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [one["Key"] for page in pages for one in page.get("Contents", ())]
    folders = sorted(key.removesuffix(SIGNED) for key in keys if key.endswith(f"/{SIGNED}"))
    if not folders:
        raise NotFound(f"there is no report {report_id!r:.80}", "The portal lists those there are.")
    found = {
        key.removeprefix(folders[0]): written_first(client, bucket, key)
        for key in keys
        if key.startswith(folders[0])
    }
    return {name: body for name, body in found.items() if body is not None}
