"""From the reviewer's e-mail to the published app."""

import json
import re
import time
from typing import Any

from botocore.exceptions import ClientError

from infra.local.story.cast import ANA, DORA, MIA, ROB, Story
from infra.local.story.chapters.build import propose
from infra.local.story.ground import until
from infra.local.story.teller import NotAsTold, check
from infra.local.story.visitor import Visitor

FORBIDDEN = 403
QUICK_SECONDS = 15


def receive(story: Story) -> str:
    """The e-mail arrives; whoever opens its link sees a sign-in, and a scanner's visit decides nothing."""
    mail = until(lambda: _newest_mail(story), "the reviewer's e-mail")
    found = re.search(r"http[^\s\"<>\\]+/approvals/[A-Za-z0-9_-]{43}", mail)
    check(found, "the e-mail holds no link")
    story.seen["link"] = found.group(0) if found else ""
    scanner = Visitor(story.endpoints.portal)
    reply = scanner.open(story.seen["link"])
    check(reply.url.startswith(story.endpoints.oidc_issuer), f"the link opens without sign-in: {reply.url}")
    check("arn:" not in mail, "the e-mail tells what only the platform should know")
    return "link of 256 random bits by SES; opened without a session it leads to the sign-in"


def not_oneself(story: Story) -> str:
    """The requester opens the same link: she sees it and cannot decide."""
    ana = story.person(ANA)
    ana.open(story.seen["link"])
    check(not ana.has_form(_path(story)), "the requester is offered a decision")
    csrf = ana.page.find("input", {"name": "csrf"})
    reply = ana.post(_path(story), {"verdict": "approve", "csrf": str(csrf["value"]) if csrf else ""})
    check(reply.status_code == FORBIDDEN, f"a forged decision of the requester gave {reply.status_code}")
    return "no form for the requester; a decision she posts anyway is refused (403) and recorded"


def agree(story: Story) -> str:
    """Dora answers for personal data: it is in her inbox, and her yes alone decides nothing."""
    dora = story.person(DORA)
    dora.open("/approvals")
    rows = [row for row in dora.page.select("tr") if row.select_one("td[data-name='Waits for']")]
    waiting = [str(row.a["href"]) for row in rows if row.a and "you" in row.get_text(" ").split()]
    path = next((each for each in waiting if f"/my/{story.app_id}/" in dora.open(each).text), "")
    check(path, f"the data owner's inbox does not hold the request: {dora.text[:300]}")
    dora.fill(path, verdict="approve", comment="The calendar shows no reasons.")
    check("It now waits for a reviewer." in dora.text, f"her yes was not kept: {dora.text[:300]}")
    check(_state(story, story.app_id) == "in_review", "one of two seats decided")
    return "personal data needs its owner's yes beside the reviewer's; one of two seats decides nothing"


def approve(story: Story) -> str:
    """Rob reads the evidence and approves; the link is then spent."""
    rob = story.person(ROB)
    rob.open(story.seen["link"])
    check(
        "team_calendar" in rob.text or "Team calendar" in rob.text, "the evidence does not say what it reads"
    )
    reply = rob.fill(_path(story), verdict="approve", comment="Replaces the spreadsheet; access is limited.")
    check(reply.ok, f"the approval gave {reply.status_code}: {rob.text[:300]}")
    check("Approved by dora@example.com and rob@example.com" in rob.text, f"who approved? {rob.text[:300]}")
    rob.open(story.seen["link"])
    check(not rob.has_form(_path(story)), "the link can be used again")
    return "approved by a signed-in reviewer's POST; opening the link again only tells who decided"


def publish(story: Story) -> str:
    """Provisioned, smoke-tested, and in the catalog with owner, SBOM and retirement date."""
    until(lambda: _state(story, story.app_id) == "active", "the app to be published")
    mia = story.person(MIA)
    mia.open("/catalog?q=leave")
    check(story.app_page in str(mia.page), "the catalog does not list the app")
    ana = story.person(ANA)
    ana.open(story.app_page)
    check("ana@example.com" in ana.text, "the app page shows no owner")
    retires = _app(story, story.app_id)["publication"]["M"]["retire_on"]["S"]
    sbom = ana.open(f"{story.app_page}/sbom").json()
    check(sbom["spdxVersion"] == "SPDX-2.3", "the SBOM is not SPDX 2.3")
    return f"in the catalog with owner and SPDX SBOM; retires on {retires} unless renewed"


def isolated(story: Story) -> str:
    """With the app's own credentials: not another app's secret, not the catalog, not the ledger."""
    name = f"appguard-app-{story.app_id}"
    iam = story.ground.client("iam")
    role = iam.get_role(RoleName=name)["Role"]
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
    check(boundary == story.ground.outputs["AppBoundaryArn"], f"the role has the boundary {boundary!r}")
    app = _credentials_of(story, role["Arn"])
    secrets = story.ground.client("secretsmanager", **app)
    check(
        secrets.get_secret_value(SecretId=f"appguard/apps/{story.app_id}")["SecretString"],
        "the app cannot read its own secret",
    )
    outputs = story.ground.outputs
    attempts = {
        "its own login to the database": lambda: secrets.get_secret_value(
            SecretId=f"appguard/logins/hr-db/{story.app_id}"
        ),
        "the administrator's": lambda: secrets.get_secret_value(SecretId="appguard/administrators/hr-db"),
        "the catalog": lambda: story.ground.client("dynamodb", **app).scan(TableName=outputs["CatalogTable"]),
        "the ledger": lambda: story.ground.client("s3", **app).list_objects_v2(
            Bucket=outputs["LedgerBucket"]
        ),
        "its own role": lambda: story.ground.client("iam", **app).delete_role_permissions_boundary(
            RoleName=name
        ),
    }
    for what, attempt in attempts.items():
        _denied(what, attempt)
    return f"own role under our boundary reads its own secret; denied: {', '.join(attempts)}"


def quick(story: Story) -> str:
    """A low-risk app needs nobody: from submit to published without a human."""
    took = quick_seconds(story)
    check(took < QUICK_SECONDS, f"submit to published took {took:.1f} s; the limit is {QUICK_SECONDS} s")
    return f"internal data only: submitted and published in {took:.1f} s, no human asked"


def quick_seconds(story: Story) -> float:
    """How long a low-risk app takes from submit to published, by the wall clock."""
    propose(
        story,
        name="Broken things",
        app_id=story.quick_id,
        purpose="Tell facilities what is broken in the office, and see what they already know.",
        team="Facilities",
        data_class="internal",
        template="office-self-service",
    )
    ana, page = story.person(ANA), f"/my/{story.quick_id}"
    ana.open(page)
    ana.fill(f"{page}/submit")
    started = time.monotonic()
    until(lambda: _state(story, story.quick_id) == "active", "the low-risk app to be published")
    return time.monotonic() - started


def _path(story: Story) -> str:
    return "/approvals/" + str(story.seen["link"]).rsplit("/", 1)[1]


def _newest_mail(story: Story) -> str | None:
    mails = [json.dumps(mail) for mail in story.ground.mail_to(ROB)]
    known = story.seen.setdefault("mails_before", 0)
    return mails[-1] if len(mails) > known else None


def _app(story: Story, app_id: str) -> dict[str, Any]:
    key = {"pk": {"S": f"APP#{app_id}"}, "sk": {"S": "APP"}}
    found = story.tables.get_item(
        TableName=story.ground.outputs["CatalogTable"], Key=key, ConsistentRead=True
    )
    item: dict[str, Any] = found["Item"]
    return item


def _state(story: Story, app_id: str) -> str:
    return story.state(app_id)


def _credentials_of(story: Story, role: str) -> dict[str, str]:
    given = story.ground.client("sts").assume_role(RoleArn=role, RoleSessionName="story")["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def _denied(what: str, attempt: Any) -> None:
    try:
        attempt()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        check("AccessDenied" in code, f"{what}: {code}")
    else:
        raise NotAsTold(f"the app's role reached {what}")
