"""Everything the ledger can tell: the closed list of actions, each with what it says to an auditor."""

from enum import StrEnum
from typing import Self


class Action(StrEnum):
    """What somebody or something did, as `noun.verb`. An action is never renamed: entries live for years.

    >>> Action.APP_PUBLISHED.tells
    'A version of an app came into use.'
    """

    tells: str

    def __new__(cls, name: str, tells: str = "") -> Self:
        """An action by its name in the ledger, with one sentence for readers."""
        action = str.__new__(cls, name)
        action._value_ = name
        action.tells = tells
        return action

    # Apps and their life
    APP_CREATED = "app.created", "Somebody began an app."
    APP_DRAFTED = "app.drafted", "A draft of an app was saved."
    APP_LINKED = "app.linked", "An owner named the repository that may submit an app."
    APP_UNLINKED = "app.unlinked", "No repository may submit this app any more."
    APP_SUBMITTED = "app.submitted", "An app went into review."
    APP_APPROVED = "app.approved", "The reviewed version of an app may be built."
    APP_REFUSED = "app.refused", "The reviewed version of an app was refused."
    APP_EXPIRED = "app.expired", "Nobody decided on an app in time."
    APP_WITHDRAWN = (
        "app.withdrawn",
        "An app came back from review unjudged: taken back, or changed.",
    )
    APP_FAILED = "app.failed", "The review of an app did not get to its end."
    APP_PUBLISHED = "app.published", "A version of an app came into use."
    APP_USED = "app.used", "An app was used on a day; its idle date moved."
    APP_VULNERABLE = "app.vulnerable", "A package of an app in use became known to be vulnerable."
    APP_VULNERABILITIES_CHANGED = (
        "app.vulnerabilities_changed",
        "Less, or other, is known against the packages of an app in use.",
    )
    APP_SUSPENDED = "app.suspended", "An app was switched off; it can come back."
    APP_RECERTIFIED = "app.recertified", "An owner confirmed need, owner and access of an app."
    APP_OFFERED = "app.offered", "An app was offered to a new owner."
    APP_OFFER_ENDED = "app.offer_ended", "The offer of an app was declined or withdrawn."
    APP_TRANSFERRED = "app.transferred", "An app has another owner, who confirmed need and access."
    APP_QUARANTINED = "app.quarantined", "An app was cut off from data at once."
    APP_RELEASED = "app.released", "An app came back from quarantine."
    APP_ORPHANED = "app.orphaned", "The owner of an app left; nobody answers for it."
    APP_RECLAIMED = "app.reclaimed", "The owner of an app is back and answers for it again."
    APP_RETIRED = "app.retired", "An app was taken out of use for good."
    APP_ARCHIVED = "app.archived", "What is kept of a retired app was archived."

    # Reviews, step by step
    SUBMISSION_RECEIVED = "submission.received", "A CI run handed in a bundle."
    REVIEW_SUBMITTED = "review.submitted", "A run of a review began."
    REVIEW_CLASSIFIED = "review.classified", "The risk tier was computed."
    REVIEW_CHECKED = "review.checked", "All gates have spoken, and what follows from it."
    REVIEW_WAITING = "review.waiting", "The review waits for a person's decision."
    REVIEW_APPROVED = (
        "review.approved",
        "The review goes on: a person said so, or nothing speaks against it.",
    )
    REVIEW_REFUSED = "review.refused", "The review ended with a refusal."
    REVIEW_EXPIRED = "review.expired", "The review ended because nobody decided."
    REVIEW_WITHDRAWN = "review.withdrawn", "The review ended because its version is wanted no more."
    REVIEW_FAILED = "review.failed", "A step of the review did not work."
    REVIEW_PROVISIONED = "review.provisioned", "The app's stack, role and logins were built or updated."
    REVIEW_TESTED = "review.tested", "The built app answered."
    REVIEW_PUBLISHED = "review.published", "The review ended with a version in use."
    BUNDLE_ATTESTED = "bundle.attested", "How a bundle came to be approved was signed."

    # Approvals and exceptions
    APPROVAL_ASKED = "approval.asked", "People were asked to decide on a bundle."
    APPROVAL_ENDORSED = "approval.endorsed", "A person approved a bundle; others still have to."
    APPROVAL_DECIDED = "approval.decided", "The last person needed approved a bundle, or one refused it."
    APPROVAL_REMINDED = "approval.reminded", "Those who had not spoken were told once more."
    APPROVAL_ESCALATED = "approval.escalated", "Others were told that nobody had decided."
    APPROVAL_EXPIRED = "approval.expired", "A question to reviewers was not answered in time."
    APPROVAL_WITHDRAWN = "approval.withdrawn", "Whoever asked for approval asks no more."
    APPROVAL_CLOSED = "approval.closed", "A question to reviewers fell away with its review."
    APPROVAL_DENIED = "approval.denied", "Somebody who may not decide tried to."
    DELEGATION_NAMED = "delegation.named", "Somebody named a colleague to be asked while they are away."
    DELEGATION_REVOKED = "delegation.revoked", "Somebody is asked themselves again."
    EXCEPTION_GRANTED = "exception.granted", "A soft finding or an export was accepted until a date."
    EXCEPTION_REVOKED = "exception.revoked", "What had been accepted was taken back."
    EXCEPTION_EXPIRED = "exception.expired", "What had been accepted ran out."
    EXCEPTION_CLOSED = "exception.closed", "What had been accepted is not needed any more."
    EXCEPTION_DENIED = "exception.denied", "Somebody tried to accept what they may not."

    # Configuration and policies
    PLATFORM_DEPLOYED = "platform.deployed", "AppGuard itself was deployed, or a deployment was taken back."
    POLICY_PROPOSED = "policy.proposed", "Somebody proposed other policies."
    POLICY_PUBLISHED = (
        "policy.published",
        "Policies came into force, or their proposer tried to be the second person.",
    )
    POLICY_WITHDRAWN = "policy.withdrawn", "Proposed policies were withdrawn."
    ADVISORIES_SYNCED = "advisories.synced", "What is known about packages was brought up to date."
    ADVISORIES_SYNC_FAILED = (
        "advisories.sync_failed",
        "What is known about packages stays as old as it was.",
    )

    # Identity
    PERSON_SIGNED_IN = "person.signed_in", "Somebody signed in to the portal."
    PERSON_SIGNED_OUT = "person.signed_out", "Somebody signed out."
    PERSON_SIGN_IN_FAILED = "person.sign_in_failed", "A sign-in did not come to its end."
    PERSON_ROLES_CHANGED = "person.roles_changed", "Somebody came with other roles than the last time."
    PERSON_RECORDED = "person.recorded", "The directory learnt of somebody, or something new about them."
    PERSON_DEACTIVATED = "person.deactivated", "Somebody left: their access and their sessions ended."
    PERSON_REACTIVATED = "person.reactivated", "Somebody who had left is back."
    PERSON_SESSIONS_ENDED = "person.sessions_ended", "Somebody was signed out everywhere."
    GROUP_RECORDED = "group.recorded", "The directory learnt of a group, or of another name of it."
    GROUP_REMOVED = "group.removed", "A group is no more; nobody is in it."
    ACCESS_DENIED = "access.denied", "Somebody asked for a page or an act that is not theirs."

    # Connectors
    CONNECTOR_REQUESTED = (
        "connector.requested",
        "Somebody asked a data owner whether they may use a connector.",
    )
    CONNECTOR_ANSWERED = "connector.answered", "A data owner said yes or no to somebody who had asked."

    # Data
    DATA_READ = "data.read", "Rows were read through the broker, or a read was refused."
    DATA_WRITE = "data.write", "A command changed data, or was refused."
    DATA_EXPORTED = "data.exported", "Rows left as a file, or an export was refused."
    DATA_BUDGET_EXCEEDED = "data.budget_exceeded", "A person was given all rows of a class a day allows."
    DATA_PERSON_FOUND = "data.person_found", "A person's number stood where none was declared."
    SUBJECTS_CONTINUED = "subjects.continued", "Further people whose data one access showed."
    SUBJECT_ASKED_ABOUT = "subject.asked_about", "Somebody asked who saw a person's data."
    SUBJECT_FORGETTING_ASKED = "subject.forgetting_asked", "Somebody asked that a person be forgotten."
    SUBJECT_FORGOTTEN = "subject.forgotten", "The key to a person's tags was destroyed."
    SUBJECT_HELD = "subject.held", "A person may not be forgotten: a legal hold."
    SUBJECT_RELEASED = "subject.released", "The legal hold on a person ended."

    # Secrets
    SECRET_REGISTERED = "secret.registered", "A secret is managed from now on."
    SECRET_ROTATED = "secret.rotated", "A secret was replaced."
    SECRET_WITHDRAWN = "secret.withdrawn", "A secret was destroyed."

    # Errors
    PLATFORM_FAILED = (
        "platform.failed",
        "A function failed for good with nobody waiting for it.",
    )

    # Evidence
    REPORT_ASKED = "report.asked", "Somebody asked for a compliance report."
    REPORT_CREATED = "report.created", "A compliance report was made."
    REPORT_FETCHED = "report.fetched", "Somebody was given a file of a compliance report."
    LEDGER_REJECTED = "ledger.rejected", "Something that can be no entry was set aside; its digest is kept."
    LEDGER_SEARCHED = "ledger.searched", "Somebody searched the ledger; the words are not kept."
    LEDGER_VERIFIED = (
        "ledger.verified",
        "The ledger was verified: it holds, or it does not.",
    )
    LEDGER_WITNESS_REFUSED = (
        "ledger.witness_refused",
        "The witness would not cosign: it saw another history before.",
    )
    LEDGER_HELD = "ledger.held", "Entries may not be deleted whatever their retention: a legal hold."
    LEDGER_RELEASED = "ledger.released", "A legal hold on entries ended."
    SIEM_REJECTED = "siem.rejected", "A SIEM refused entries for good; they stay in the ledger alone."
    SIEM_REWOUND = "siem.rewound", "Entries are sent to a SIEM once more."
