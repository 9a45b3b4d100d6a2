"""What the outbox of a deployed platform holds."""

import json

from infra.local.story.ground import Ground


def rows(ground: Ground, having: str) -> dict[str, str]:
    """Bodies by ids of all rows with an attribute: `unsealed` while they wait, then `entry_index`."""
    pages = (
        ground.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=ground.outputs["OutboxTable"],
            ConsistentRead=True,
            FilterExpression=f"attribute_exists({having})",
            ProjectionExpression="pk, body",
        )
    )
    return {row["pk"]["S"]: row["body"]["S"] for page in pages for row in page["Items"]}


def recorded(ground: Ground, having: str) -> set[str]:
    """The actions of such rows; a row some test spoiled has none."""
    return {json.loads(body)["action"] for body in rows(ground, having).values() if body.startswith("{")}
