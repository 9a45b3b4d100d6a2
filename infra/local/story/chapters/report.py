"""The auditor's report: ordered in the portal, told by mail, and verified with nothing but a key."""

import json
import re
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from infra.local.story.cast import ADA, ROB, Story
from infra.local.story.chapters.prove import appguard
from infra.local.story.ground import until
from infra.local.story.teller import check

FORBIDDEN = 403
LINK = re.compile(r"http[^\s\"<>\\]+/reports/link/[A-Za-z0-9_-]{32}")


def ordered(story: Story) -> str:
    """Ada asks for a SOC 2 report up to now; the mail's link shows it to her and to nobody else."""
    day, ada = datetime.fromisoformat(story.seen["now"]).date().isoformat(), story.person(ADA)
    before = len(story.ground.mail_to(ADA))
    ada.open("/reports")
    ada.fill("/reports", framework="soc2", since=day, until=day)
    mail = until(lambda: _mail_after(story, before), "the auditor's e-mail", 120)
    found = LINK.search(mail)
    check(found, f"the e-mail holds no link to a report: {mail[:300]}")
    link = found.group(0) if found else ""
    check(story.person(ROB).open(link).status_code == FORBIDDEN, "a reviewer may open the auditor's link")
    reply = ada.open(link)
    story.seen["report"] = reply.url.rpartition("/")[2]
    check("report.pdf" in ada.text, f"no report: {ada.text[:300]}")
    [told] = re.findall(r"Controls: (?:\d+ failed )?\d+ passed \d+ not evidenced", ada.text)
    pdf = ada.open(f"/reports/{story.seen['report']}/file?name=report.pdf")
    check(pdf.content.startswith(b"%PDF-1.7"), f"no PDF at {pdf.url}: {pdf.status_code} {pdf.text[:200]}")
    return f"{told}; PDF of {len(pdf.content):,} bytes"


def verified(story: Story) -> str:
    """Every file is as signed, is locked for seven years, and knows the app."""
    bucket, s3 = story.ground.outputs["LedgerBucket"], story.ground.client("s3")
    with TemporaryDirectory() as name:
        folder = Path(name) / "report"
        appguard("report", "fetch", story.seen["report"], "--output", str(folder))
        said = appguard("report", "verify", str(folder), "--key", str(folder / "report-key.pem"))
        apps: list[dict[str, Any]] = json.loads((folder / "report.json").read_text())["figures"]["apps"]
    check(any(app["app_id"] == story.app_id for app in apps), "the report does not know the app")
    keys = s3.list_objects_v2(Bucket=bucket, Prefix=f"reports/{story.seen['report']}/").get("Contents", [])
    locks = {s3.head_object(Bucket=bucket, Key=one["Key"]).get("ObjectLockMode") for one in keys}
    check(locks == {"COMPLIANCE"}, f"the locks of the report's files are {locks}")
    return " ".join(said.split())


def packed(story: Story) -> str:
    """One archive tells how the app came to be and what it did, and proves it with two keys."""
    with TemporaryDirectory() as name:
        pack, keys = Path(name) / "pack.zip", Path(name) / "keys"
        appguard("evidence", "make", story.app_id, "--output", str(pack))
        with ZipFile(pack) as archive:
            for key in ("ledger-key.pem", "builder-key.pem"):
                archive.extract(key, keys)
        trusted = ("--key", str(keys / "ledger-key.pem"), "--builder-key", str(keys / "builder-key.pem"))
        said = appguard("evidence", "verify", str(pack), *trusted)
    return " ".join(said.split())


def _mail_after(story: Story, before: int) -> str:
    mails = story.ground.mail_to(ADA)
    return json.dumps(mails[-1]) if len(mails) > before else ""
