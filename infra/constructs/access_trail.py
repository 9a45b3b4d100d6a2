"""Every access to the ledger's objects, noted by CloudTrail."""

from aws_cdk import aws_cloudtrail as cloudtrail
from constructs import Construct

from infra.constructs.bucket import AccessLogs, Bucket
from infra.target import Target


class AccessTrail(Construct):
    """A trail of the data events of one bucket; CloudTrail signs its files."""

    def __init__(
        self, scope: Construct, construct_id: str, *, target: Target, logs: AccessLogs, of: Bucket
    ) -> None:
        super().__init__(scope, construct_id)
        files = Bucket(self, "Trails", target=target, logs=logs)
        trail = cloudtrail.Trail(
            self,
            "Trail",
            trail_name="appguard-ledger-access",
            bucket=files.bucket,
            enable_file_validation=True,
            include_global_service_events=False,
            is_multi_region_trail=False,
            management_events=cloudtrail.ReadWriteType.NONE,
        )
        trail.add_s3_event_selector([cloudtrail.S3EventSelector(bucket=of.bucket)])
