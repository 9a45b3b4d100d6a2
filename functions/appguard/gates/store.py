"""Evidence of the gates: one object per review and gate in the artifacts bucket."""

from typing import TYPE_CHECKING

from pydantic import JsonValue, ValidationError

from appguard.gates.model import GateResult
from appguard.kernel.errors import Invalid
from appguard.kernel.ids import BundleDigest, ReviewId

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Evidence:
    """What the gates found, as they wrote it."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        """Keep evidence in `bucket`."""
        self._s3, self._bucket = s3, bucket

    def save(self, result: GateResult) -> None:
        """Write a gate's result; a retried gate replaces its own."""
        if result.review_id is None:
            raise ValueError("evidence belongs to a review")
        body = result.model_dump_json().encode()
        key = f"{folder(result.review_id)}{result.gate}.json"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")

    def results(self, review_id: ReviewId) -> list[GateResult]:
        """The results of all gates that have finished, by name of gate."""
        return [GateResult.model_validate_json(body) for body in self.bodies(review_id).values()]

    def bodies(self, review_id: ReviewId) -> dict[str, bytes]:
        """The same as they were written, each under its gate's name."""
        prefix = folder(review_id)
        listed = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix, MaxKeys=50)
        keys = sorted(entry["Key"] for entry in listed.get("Contents", []))
        return {key.removeprefix(prefix).removesuffix(".json"): self._read(key) for key in keys}

    def policy_input(self, review_id: ReviewId, digest: BundleDigest) -> dict[str, JsonValue] | None:
        """What the policies were asked about this bundle, None if nothing was kept.

        Raises `Invalid` for evidence that was altered, or is about another bundle.
        """
        try:
            result = GateResult.model_validate_json(self._read(f"{folder(review_id)}policy.json"))
        except self._s3.exceptions.NoSuchKey:
            return None
        except ValidationError:
            raise Invalid("the kept evidence cannot be read") from None
        if result.bundle_digest != digest or (result.input and not result.input.intact):
            raise Invalid("the kept evidence was altered, or is about another bundle")
        return result.input.document if result.input else None

    def _read(self, key: str) -> bytes:
        return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()


def folder(review_id: ReviewId) -> str:
    """The prefix under which a review's evidence stands."""
    return f"reviews/{review_id}/"
