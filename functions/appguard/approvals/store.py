"""Where approvals live. The task token is an attribute beside the record and leaves only to Step Functions.

| item | pk | sk | index |
|---|---|---|---|
| approval | APPROVAL#id | APPROVAL | by_state APPROVALS#waiting, time asked |
| one to be reminded of | likewise | | also by_due DUE#approval, time#id |
| the newest approval of a review | REVIEW_APPROVAL#review | CURRENT | |
| the last version of an app a person approved | APP_PRECEDENT#app | CURRENT | |
"""

import json
import logging
from typing import TYPE_CHECKING

from appguard.approvals.model import APPROVAL, Approval, ApprovalBase, Decided, Waiting
from appguard.audit.outbox import Outbox, moment
from appguard.gates.renewal import Precedent
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import AppId, ReviewId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef
    from mypy_boto3_stepfunctions import SFNClient

logger = logging.getLogger(__name__)
WAITING = "APPROVALS#waiting"
DUE = "DUE#approval"


class ApprovalStore:
    """Approvals in the catalog's table."""

    def __init__(self, dynamodb: "DynamoDBClient", outbox: Outbox, table: str) -> None:
        """Work on `table`, writing events through `outbox`."""
        self._dynamodb, self._outbox, self._table = dynamodb, outbox, table

    def find(self, approval_id: str) -> Approval | None:
        """One approval, read consistently, or None."""
        item = self._item(_key(approval_id))
        return APPROVAL.validate_json(item["body"]["S"]) if item else None

    def newest_of(self, review_id: ReviewId) -> Approval | None:
        """The newest approval asked for a review."""
        pointer = self._item(_pointer(review_id))
        return self.find(pointer["approval_id"]["S"]) if pointer else None

    def waiting(self) -> list[Waiting]:
        """All that nobody has decided, the oldest first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by_state",
            KeyConditionExpression="gsi2pk = :waiting",
            ExpressionAttributeValues={":waiting": {"S": WAITING}},
        )
        found = [APPROVAL.validate_json(item["body"]["S"]) for page in pages for item in page["Items"]]
        return [approval for approval in found if isinstance(approval, Waiting)]

    def ask(
        self,
        new: Waiting,
        task_token: str,
        old: ApprovalBase | None,
        superseded: ApprovalBase | None,
        because: AuditEvent,
    ) -> bool:
        """Write `new` as the review's newest, in place of `old`, which becomes `superseded` if it waited."""
        pointer: TransactWriteItemTypeDef = {
            "Put": {
                "TableName": self._table,
                "Item": {**_pointer(new.review_id), "approval_id": {"S": new.approval_id}},
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
        if old:
            pointer["Put"]["ConditionExpression"] = "approval_id = :old"
            pointer["Put"]["ExpressionAttributeValues"] = {":old": {"S": old.approval_id}}
        writes = [self._put(new, task_token), pointer]
        if superseded:
            writes.append(self._put(superseded))
        return self._outbox.commit(writes, because)

    def change(self, approval: ApprovalBase, because: AuditEvent) -> bool:
        """Write the next state of an approval; False when its event is there already."""
        return self._outbox.commit([self._put(approval)], because)

    def due(self, now: "datetime") -> list[str]:
        """Ids of those to be told of again, the most overdue first; reads only those."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by_due",
            KeyConditionExpression="gsi3pk = :due AND gsi3sk <= :now",
            ExpressionAttributeValues={":due": {"S": DUE}, ":now": {"S": f"{moment(now)}~"}},
        )
        return [item["pk"]["S"].partition("#")[2] for page in pages for item in page["Items"]]

    def keep(self, waiting: Waiting, because: AuditEvent) -> bool:
        """Write one that still waits after what happened; False when its event is there already."""
        return self._outbox.commit([self._put(waiting, self.token(waiting.approval_id))], because)

    def decide(
        self,
        decided: Decided,
        precedent: Precedent | None,
        accepted: "Sequence[TransactWriteItemTypeDef]",
        *because: AuditEvent,
    ) -> bool:
        """Write a decision, and with it what later versions may rest on: nothing after a refusal.

        False when its event is there already.
        """
        writes = [self._put(decided, self.token(decided.approval_id)), self._rest(decided.app_id, precedent)]
        return self._outbox.commit([*writes, *accepted], *because)

    def precedent(self, app_id: AppId) -> Precedent | None:
        """The last version of an app that a person approved, unless one was refused since."""
        item = self._item(_precedent(app_id))
        return Precedent.model_validate_json(item["body"]["S"]) if item else None

    def token(self, approval_id: str) -> str | None:
        """The state machine's task token, as long as it was not used."""
        item = self._item(_key(approval_id))
        return item["task_token"]["S"] if item and "task_token" in item else None

    def forget_token(self, approval_id: str) -> None:
        """The token was used; nobody needs it any more."""
        self._dynamodb.update_item(
            TableName=self._table, Key=_key(approval_id), UpdateExpression="REMOVE task_token"
        )

    def refuse_access(self, because: AuditEvent) -> None:
        """Record an attempt that was not allowed."""
        self._outbox.record(because)

    def _item(self, key: "dict[str, AttributeValueTypeDef]") -> "dict[str, AttributeValueTypeDef] | None":
        return self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")

    def _rest(self, app_id: AppId, precedent: Precedent | None) -> "TransactWriteItemTypeDef":
        if precedent is None:
            return {"Delete": {"TableName": self._table, "Key": _precedent(app_id)}}
        item = {**_precedent(app_id), "body": {"S": precedent.model_dump_json()}}
        return {"Put": {"TableName": self._table, "Item": item}}

    def _put(self, approval: ApprovalBase, task_token: str | None = None) -> "TransactWriteItemTypeDef":
        newer = approval.model_copy(update={"version": approval.version + 1})
        item: dict[str, AttributeValueTypeDef] = {
            **_key(approval.approval_id),
            "version": {"N": str(newer.version)},
            "body": {"S": newer.model_dump_json()},
        }
        if isinstance(approval, Waiting):
            item |= {"gsi2pk": {"S": WAITING}, "gsi2sk": {"S": approval.asked_at.isoformat()}}
            if approval.nudge_at:
                item |= {
                    "gsi3pk": {"S": DUE},
                    "gsi3sk": {"S": f"{moment(approval.nudge_at)}#{approval.approval_id}"},
                }
        if task_token:
            item["task_token"] = {"S": task_token}
        if not approval.version:
            put = {"TableName": self._table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
            return {"Put": put}  # type: ignore[typeddict-item]
        return {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": "version = :seen",
                "ExpressionAttributeValues": {":seen": {"N": str(approval.version)}},
            }
        }


class Machine:
    """The waiting run of the review state machine."""

    def __init__(self, sfn: "SFNClient") -> None:
        """Answer through `sfn`."""
        self._sfn = sfn

    def resume(self, task_token: str, output: dict[str, str]) -> None:
        """Hand the decision over; a run that is answered or gone already is no mistake of ours."""
        gone = self._sfn.exceptions
        try:
            self._sfn.send_task_success(taskToken=task_token, output=json.dumps(output))
        except (gone.TaskDoesNotExist, gone.TaskTimedOut, gone.InvalidToken):
            logger.warning("the run does not wait for this decision any more")

    def give_up(self, task_token: str, error: str) -> None:
        """Tell the run that nobody could be asked, so that it need not wait for its timeout."""
        self._sfn.send_task_failure(taskToken=task_token, error=error, cause="nobody could be asked")


def _key(approval_id: str) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"APPROVAL#{approval_id}"}, "sk": {"S": "APPROVAL"}}


def _precedent(app_id: AppId) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"APP_PRECEDENT#{app_id}"}, "sk": {"S": "CURRENT"}}


def _pointer(review_id: ReviewId) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"REVIEW_APPROVAL#{review_id}"}, "sk": {"S": "CURRENT"}}
