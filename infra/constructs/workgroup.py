"""Where a connector's Athena queries run: their limits and results are the workgroup's to decide."""

from aws_cdk import aws_athena as athena
from constructs import Construct

from infra.constructs.bucket import Bucket
from infra.constructs.handler import Handler


class Workgroup(Construct):
    """A workgroup whose settings no query can override."""

    def __init__(
        self, scope: Construct, construct_id: str, *, name: str, scan_bytes: int, results: Bucket, arn: str
    ) -> None:
        super().__init__(scope, construct_id)
        self._arn, self._results, self._under = arn, results, f"{name}/"
        athena.CfnWorkGroup(
            self,
            "WorkGroup",
            name=name,
            recursive_delete_option=True,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                bytes_scanned_cutoff_per_query=scan_bytes,
                publish_cloud_watch_metrics_enabled=True,
                requester_pays_enabled=False,
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=f"s3://{results.name}/{self._under}",
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_S3"
                    ),
                ),
            ),
        )

    def grant_query(self, handler: Handler) -> None:
        """Start, watch and stop queries, and read their results, which Athena writes as the caller."""
        handler.allow("athena:StartQueryExecution", on=[self._arn])
        handler.allow(
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
            "athena:StopQueryExecution",
            on=[self._arn],
        )
        bucket = self._results.bucket
        handler.allow("s3:GetBucketLocation", on=[bucket.bucket_arn])
        handler.allow(
            "s3:AbortMultipartUpload",
            "s3:GetObject",
            "s3:ListMultipartUploadParts",
            "s3:PutObject",
            on=[bucket.arn_for_objects(f"{self._under}*")],
        )
