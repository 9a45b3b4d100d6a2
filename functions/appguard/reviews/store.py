"""Where reviews live and how their runs are started.

| item | pk | sk | index |
|---|---|---|---|
| review | REVIEW#id | REVIEW | by_owner REVIEWS#app, time of submission |
| the one open review of an app | APP_REVIEW#app | OPEN | |
"""

import json
from typing import TYPE_CHECKING

from appguard.audit.outbox import Outbox
from appguard.audit.versioned import next_version
from appguard.kernel.errors import NotFound
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import AppId, ReviewId
from appguard.reviews.model import REVIEW, Ended, Review, ReviewBase, RunInput

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef
    from mypy_boto3_stepfunctions import SFNClient


class ReviewStore:
    """Reviews in the catalog's table."""

    def __init__(self, dynamodb: "DynamoDBClient", outbox: Outbox, table: str) -> None:
        """Work on `table`, writing events through `outbox`."""
        self._dynamodb, self._outbox, self._table = dynamodb, outbox, table

    def get(self, review_id: ReviewId) -> Review:
        """One review, read consistently; raises `NotFound`."""
        if review := self.find(review_id):
            return review
        raise NotFound(f"there is no review {review_id}")

    def find(self, review_id: ReviewId) -> Review | None:
        """One review, or None."""
        found = self._dynamodb.get_item(
            TableName=self._table,
            Key={"pk": {"S": f"REVIEW#{review_id}"}, "sk": {"S": "REVIEW"}},
            ConsistentRead=True,
        )
        return REVIEW.validate_json(found["Item"]["body"]["S"]) if "Item" in found else None

    def open_of(self, app_id: AppId) -> ReviewId | None:
        """The review of this app that has not ended."""
        found = self._dynamodb.get_item(TableName=self._table, Key=_open_key(app_id), ConsistentRead=True)
        return ReviewId(found["Item"]["review_id"]["S"]) if "Item" in found else None

    def of_app(self, app_id: AppId) -> list[Review]:
        """The app's reviews, newest first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by_owner",
            KeyConditionExpression="gsi1pk = :app",
            ExpressionAttributeValues={":app": {"S": f"REVIEWS#{app_id}"}},
            ScanIndexForward=False,
        )
        return [REVIEW.validate_json(item["body"]["S"]) for page in pages for item in page["Items"]]

    def save(self, review: ReviewBase, because: AuditEvent) -> bool:
        """Write the next version with its event; False when the event is there already (a retried step).

        Raises `StaleVersion` when somebody saved in between, or another review of the app is open.
        """
        newer = review.model_copy(update={"version": review.version + 1})
        item: dict[str, AttributeValueTypeDef] = {
            "pk": {"S": f"REVIEW#{review.review_id}"},
            "sk": {"S": "REVIEW"},
            "gsi1pk": {"S": f"REVIEWS#{review.app_id}"},
            "gsi1sk": {"S": review.submitted_at.isoformat()},
            "body": {"S": newer.model_dump_json()},
        }
        put = next_version(self._table, item, review.version)
        return self._outbox.commit([put, self._turn(review)], because)

    def _turn(self, review: ReviewBase) -> "TransactWriteItemTypeDef":
        """Hold the app's one open place while the review lives, and free it at its end."""
        ours = "attribute_not_exists(pk) OR review_id = :id"
        values = {":id": {"S": str(review.review_id)}}
        if isinstance(review, Ended):
            return {
                "Delete": {
                    "TableName": self._table,
                    "Key": _open_key(review.app_id),
                    "ConditionExpression": ours,
                    "ExpressionAttributeValues": values,
                }
            }
        return {
            "Put": {
                "TableName": self._table,
                "Item": {**_open_key(review.app_id), "review_id": values[":id"]},
                "ConditionExpression": ours,
                "ExpressionAttributeValues": values,
            }
        }


class Workflow:
    """Runs of the review state machine."""

    def __init__(self, sfn: "SFNClient", machine: str) -> None:
        """Start runs of the machine with ARN `machine`."""
        self._sfn, self._machine = sfn, machine

    def start(self, review: ReviewBase) -> bool:
        """Start the review's current run; False when a run of this name was started before."""
        try:
            self._sfn.start_execution(
                stateMachineArn=self._machine,
                name=review.execution,
                input=json.dumps(RunInput.of(review).model_dump(mode="json")),
            )
        except self._sfn.exceptions.ExecutionAlreadyExists:
            return False
        return True

    def stop(self, review: ReviewBase) -> None:
        """End the review's current run, if it goes on; one that never began or is over is no mistake."""
        try:
            self._sfn.stop_execution(executionArn=self._run(review), error="Withdrawn")
        except self._sfn.exceptions.ExecutionDoesNotExist:
            return

    def ended_early(self, review: ReviewBase) -> bool:
        """Whether the current run was started and is over: then nobody will move the review any more."""
        try:
            status = self._sfn.describe_execution(executionArn=self._run(review))["status"]
        except self._sfn.exceptions.ExecutionDoesNotExist:
            return False
        return status not in ("RUNNING", "PENDING_REDRIVE")

    def _run(self, review: ReviewBase) -> str:
        return f"{self._machine.replace(':stateMachine:', ':execution:')}:{review.execution}"


def _open_key(app_id: AppId) -> "dict[str, dict[str, str]]":
    return {"pk": {"S": f"APP_REVIEW#{app_id}"}, "sk": {"S": "OPEN"}}
