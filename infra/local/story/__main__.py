"""`make demo`: bring the platform up and watch the leave-request story happen on it."""

import argparse
import sys
from datetime import UTC, datetime

from rich.console import Console

from infra.local.platform import Endpoints, down, up
from infra.local.story.cast import ROB, Story, unused_id
from infra.local.story.chapters import build, end, prove, report, review, use
from infra.local.story.ground import Ground
from infra.local.story.teller import Step, tell

STEPS = (
    Step("Ana asks for a leave-request app and sees its risk", build.ask),
    Step("She starts from the HR template and edits fields and mapping", build.edit),
    Step("She tries it in the sandbox, on made-up data", build.try_out),
    Step("A version with a secret in it is refused", build.leak),
    Step("She submits the corrected version; the gates run", build.hand_in),
    Step("The reviewer gets an e-mail with a link", review.receive),
    Step("The requester cannot approve her own app", review.not_oneself),
    Step("The data owner agrees; it still waits for the reviewer", review.agree),
    Step("The reviewer approves", review.approve),
    Step("The app is provisioned, tested and published", review.publish),
    Step("The app's own credentials reach nothing else", review.isolated),
    Step("Employees use it on the real database", use.send_form),
    Step("Everybody sees their own rows, masked", use.see_own_rows),
    Step("An attempt to export personal data is refused", use.export),
    Step("Strangers stay outside", use.outsiders),
    Step("A low-risk app is published without waiting", review.quick),
    Step("Every step is in the ledger", prove.sealed),
    Step("An employee learns who saw her data", prove.answered),
    Step("The auditor orders a compliance report and gets a mail", report.ordered),
    Step("Its files verify offline", report.verified),
    Step("So does the app's evidence pack", report.packed),
    Step("The ledger verifies offline", prove.verified),
    Step("Unused, the app is suspended", end.idle),
    Step("The owner recertifies it", end.recertify),
    Step("The owner retires it; its evidence is archived", end.retire),
    Step("The ledger still verifies", prove.verified),
)


def main() -> int:
    """Exit status 0 when every step went as told."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop the platform at the end")
    once = parser.parse_args().once
    console = Console(highlight=False)
    console.print("[bold]AppGuard on this machine[/]: starting what does not run yet")
    endpoints = up(lambda words: console.print(f"[dim]{words}[/]"))
    try:
        told = tell(begin(Ground(endpoints), endpoints), STEPS, console)
    finally:
        if once:
            down()
    if not once:
        console.print(f"The portal stays at [bold]{endpoints.portal}[/] (`appguard down` stops it).")
    return 0 if told else 1


def begin(ground: Ground, endpoints: Endpoints) -> Story:
    """A story that has not begun: names no earlier run has used, and what is real before it starts."""
    story = Story(
        endpoints=endpoints,
        ground=ground,
        app_id=unused_id(ground, "leave-request"),
        quick_id=unused_id(ground, "broken-things"),
    )
    story.seen["real_names"] = [name for (name,) in ground.rows("SELECT full_name FROM hr.employee")]
    story.seen["now"] = datetime.now(UTC).isoformat()
    story.seen["mails_before"] = len(ground.mail_to(ROB))
    return story


if __name__ == "__main__":
    sys.exit(main())
