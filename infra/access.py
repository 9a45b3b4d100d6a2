"""Who may do what: every right of every function, context by context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk.aws_s3_assets import Asset

from appguard.gates.limits import SECONDS
from appguard.secrets.names import ROLE_PREFIX, SecretName
from appguard.siem.model import DestinationName
from infra.constructs.app_stacks import AppStacks
from infra.constructs.events import Bus
from infra.constructs.handler import Handler
from infra.constructs.witness import WitnessAddress
from infra.constructs.workflow import Workflow
from infra.functions import CHANNELS, SLACK_ANSWER, SLACK_TELL, TEAMS_TELL, Function
from infra.stacks.data import DataStack


@dataclass(frozen=True)
class Platform:
    """What rights are about."""

    handlers: Mapping[str, Handler]
    data: DataStack
    bus: Bus
    review: Workflow
    witness: WitnessAddress
    app_stacks: AppStacks
    runtime: Asset
    mail_from: str
    preview: Handler
    tests: Handler
    advisory_source: str
    recommend_model: str | None
    package_index_secret: str | None
    siem_lake_bucket: str | None

    def of(self, context: str) -> list[Handler]:
        """The handlers of one context."""
        return [self.handlers[name] for name in self.handlers if name.split(".")[0] == context]

    def chosen(self, functions: Sequence[Function]) -> list[Handler]:
        """The handlers of those functions that a deployer chose."""
        return [self.handlers[each.handler] for each in functions if each.handler in self.handlers]

    def arn(self, service: str, resource: str) -> str:
        """An ARN in this account and region."""
        stack = Stack.of(self.bus)
        return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"

    def secrets(self, purpose: str) -> str:
        """The secrets of one purpose; Secrets Manager ends ARNs with six random letters."""
        return self.arn("secretsmanager", f"secret:appguard/{purpose}/*")

    def bucket_arn(self, name: str) -> str:
        """The ARN of a bucket, which knows neither region nor account."""
        return f"arn:{Stack.of(self.bus).partition}:s3:::{name}"


def grant_everything(platform: Platform) -> None:
    """Give each context its rights; the sandboxes are given none."""
    for give in (
        _gates,
        _policy,
        _packages,
        _reviews,
        _provenance,
        _submissions,
        _approvals,
        _channels,
        _provisioning,
        _secrets,
        _directory,
        _operations,
        _connectors,
        _portal,
        _audit,
        _search,
        _privacy,
        _reports,
        _siem,
    ):
        give(platform)


def _gates(p: Platform) -> None:
    """Gates read a bundle and leave their own result; they cannot change the catalog or another's word."""
    gates = p.of("gates")
    p.data.catalog.grant_read(*gates)
    p.data.artifacts.grant_read(*gates)
    for gate in SECONDS:
        p.data.artifacts.grant_put(p.handlers[f"gates.{gate}"], keys=f"reviews/*/{gate}.json")
    for gate in ("tests", "contracts"):
        p.handlers[f"gates.{gate}"].allow("lambda:InvokeFunction", on=[p.tests.function.function_arn])


def _policy(p: Platform) -> None:
    """A comparison reads what reviews kept of active apps and leaves its result; the portal asks for it."""
    compare, portal = p.handlers["policy.compare"], p.handlers["portal.serve"]
    p.data.catalog.grant_read(compare)
    p.data.artifacts.grant_read(compare)
    p.data.artifacts.grant_put(compare, portal, keys="comparisons/*")
    portal.allow("lambda:InvokeFunction", on=[compare.function.function_arn])


def _packages(p: Platform) -> None:
    """Two functions write what is known of packages: the daily sync, and the one that asks the index."""
    sync, fetch, portal = (
        p.handlers["packages.sync"],
        p.handlers["packages.fetch"],
        p.handlers["portal.serve"],
    )
    p.data.artifacts.grant_read(sync, fetch)
    p.data.artifacts.grant_put(sync, keys="packages/advisories.zip")
    for kind in ("resolutions", "wheels", "installed"):
        p.data.artifacts.grant_put(fetch, keys=f"packages/{kind}/*")
    p.data.outbox.grant_append(sync)
    portal.allow("lambda:InvokeFunction", on=[fetch.function.function_arn])
    if p.package_index_secret:
        secret = p.arn("secretsmanager", f"secret:{p.package_index_secret}-??????")
        fetch.allow("secretsmanager:GetSecretValue", on=[secret])
    if p.advisory_source == "inspector":
        for asker in (p.handlers["gates.dependencies"], portal):
            asker.allow("inspector-scan:ScanSbom", on=["*"])


def _reviews(p: Platform) -> None:
    """Steps of the workflow move the app through its lifecycle and read what the gates found."""
    steps = p.of("reviews")
    _change_catalog(p, *steps)
    p.data.artifacts.grant_read(*steps)


def _provenance(p: Platform) -> None:
    """One function signs how a bundle was approved; those that build and publish it check the signature."""
    attest = p.handlers["provenance.attest"]
    _change_catalog(p, attest)
    p.data.artifacts.grant_read(attest)
    p.data.artifacts.grant_put(attest, keys="attestations/*")
    p.data.attestations.grant_sign(attest)
    p.data.attestations.grant_verify(
        attest, p.handlers["provisioning.provision"], p.handlers["reviews.publish"]
    )


def _submissions(p: Platform) -> None:
    """What comes from Git is a draft and the beginning of its review: nothing read back, nothing decided."""
    receive = p.handlers["submissions.receive"]
    _change_catalog(p, receive)
    p.data.artifacts.grant_put(receive, keys="bundles/*")
    p.review.grant_start(receive)
    p.review.grant_look(receive)


def _approvals(p: Platform) -> None:
    """Asking and notifying send mail from one address; reminding writes that it is time to."""
    mailers = [p.handlers[f"approvals.{verb}"] for verb in ("ask", "notify")]
    _change_catalog(p, *mailers, p.handlers["approvals.reminding.run"])
    p.data.artifacts.grant_read(*mailers)
    p.review.grant_answer(*mailers)
    p.review.grant_stop(*mailers)
    p.data.directory.grant_read(*mailers)
    for mailer in mailers:
        _send_mail(p, mailer)


def _channels(p: Platform) -> None:
    """Who tells reads all and remembers where it told; who is answered decides as the portal does."""
    chosen = {channel: p.chosen(functions) for channel, functions in CHANNELS.items()}
    for channel, handlers in chosen.items():
        secret = p.arn("secretsmanager", f"secret:{SecretName.channel(channel)}-??????")
        p.data.artifacts.grant_read(*handlers)
        for handler in handlers:
            handler.allow("secretsmanager:GetSecretValue", on=[secret])
    for tell in p.chosen((SLACK_TELL, TEAMS_TELL)):
        p.data.catalog.grant_read(tell)
        p.data.catalog.grant_remember(tell, "CHANNEL#")
    for answer in p.chosen((SLACK_ANSWER,)):
        _change_catalog(p, answer)
        p.review.grant_answer(answer)
    p.data.directory.grant_read(*chosen["slack"])


def _provisioning(p: Platform) -> None:
    """App stacks are built through CloudFormation's own role; the functions themselves create no role."""
    provision, undo, status, smoke_test = (
        p.handlers[f"provisioning.{verb}"] for verb in ("provision", "undo", "status", "smoke_test")
    )
    apps = p.app_stacks
    _change_catalog(p, status, smoke_test)
    p.data.catalog.grant_read(provision, undo)
    p.data.artifacts.grant_read(provision, undo, status)
    p.data.artifacts.grant_put(provision, undo, keys="apps/*")
    for builder in (provision, undo):
        builder.allow("s3:GetObject", on=[p.runtime.bucket.arn_for_objects(p.runtime.s3_object_key)])
        _through_role(p, builder, "CreateStack", "UpdateStack", "DeleteStack", "TagResource", "UntagResource")
    undo.allow("secretsmanager:DeleteSecret", on=[apps.secrets])
    status.allow("cloudformation:DescribeStacks", on=[apps.stacks])
    _enforce_limits(p, status)
    smoke_test.allow("lambda:InvokeFunction", on=[apps.functions])


def _secrets(p: Platform) -> None:
    """One function makes and replaces secrets; it alone holds the logins of databases' administrators."""
    keep = p.handlers["secrets.keep"]
    p.data.catalog.grant_read(keep)
    p.data.catalog.grant_records(keep, "SECRET#")
    p.data.outbox.grant_append(keep)
    p.data.artifacts.grant_read(keep)
    replace = (
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
    )
    keep.allow(*replace, on=[p.app_stacks.secrets, p.secrets("administrators")])
    keep.allow(
        *replace, "secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", on=[p.secrets("logins")]
    )
    keep.allow("secretsmanager:GetSecretValue", on=[p.secrets("connectors")])


def _directory(p: Platform) -> None:
    """One function takes what the company's directory tells, and reads its token and no other secret."""
    scim = p.handlers["directory.scim"]
    p.data.directory.grant_read(scim)
    p.data.directory.grant_write(scim)
    p.data.outbox.grant_append(scim)
    secret = p.arn("secretsmanager", f"secret:{SecretName.scim()}-??????")
    scim.allow("secretsmanager:GetSecretValue", on=[secret])


def _operations(p: Platform) -> None:
    """Suspending sets concurrency to zero; retiring archives, then deletes the stack."""
    sweep, recheck, touch = (p.handlers[f"operations.{verb}"] for verb in ("sweep", "recheck", "touch"))
    _change_catalog(p, sweep, recheck, touch, p.handlers["operations.leaving.follow"])
    for event in ("deployment", "failures"):
        p.data.outbox.grant_append(p.handlers[f"operations.noting.{event}"])
    p.data.artifacts.grant_read(recheck, under="packages/")
    _run_lifecycle(p, sweep)


def _connectors(p: Platform) -> None:
    """The broker reads grants and the logins of apps, counts rows, and records every access."""
    broker = p.handlers["connectors.serve"]
    p.data.catalog.grant_read(broker)
    p.data.budgets.grant_update(broker)
    p.data.directory.grant_get(broker)
    p.data.outbox.grant_append(broker)
    broker.allow("secretsmanager:GetSecretValue", on=[p.secrets("connectors"), p.secrets("logins")])
    # Where a database wants IAM, as the roles of apps and as nobody else; which database is in its secret.
    broker.allow("rds-db:connect", on=[p.arn("rds-db", f"dbuser:*/{ROLE_PREFIX}*_a")])


def _portal(p: Platform) -> None:
    """People create, submit, decide, re-certify and retire here; previews and tests run in the sandboxes."""
    portal = p.handlers["portal.serve"]
    _change_catalog(p, portal)
    p.data.artifacts.grant_read(portal)
    p.data.artifacts.grant_put(portal, keys="bundles/*")
    p.data.sessions.grant_read(portal)
    p.data.sessions.grant_write(portal)
    p.data.directory.grant_read(portal)
    p.data.directory.grant_write(portal)
    p.review.grant_start(portal)
    p.review.grant_look(portal)
    p.review.grant_answer(portal)
    p.review.grant_stop(portal)
    portal.allow("lambda:InvokeFunction", on=[p.preview.function.function_arn, p.tests.function.function_arn])
    _run_lifecycle(p, portal)
    if p.recommend_model:
        stack = Stack.of(p.bus)
        model = f"arn:{stack.partition}:bedrock:{stack.region}::foundation-model/{p.recommend_model}"
        portal.allow("bedrock:InvokeModel", on=[model])


def _audit(p: Platform) -> None:
    """The relay carries events out of the outbox; the sequencer alone writes and signs the ledger."""
    relay, sequence, sweep, cosign, verify = (
        p.handlers[f"audit.{verb}"] for verb in ("relay", "sequence", "sweep", "cosign", "verify")
    )
    p.data.ledger.queue.grant_send(relay, sweep)
    p.bus.grant_publish(relay)
    p.data.outbox.grant_read(sweep, sequence)
    p.data.outbox.grant_update(sequence)
    p.data.outbox.grant_append(sequence, cosign, verify)
    p.data.ledger.grant_append(sequence)
    p.data.outbox.grant_append(p.handlers["audit.note_refusals"])
    p.data.ledger.grant_add_cosigned(cosign)
    p.data.ledger.grant_read(verify)
    p.witness.grant_ask(cosign)
    p.witness.grant_check(verify)


def _search(p: Platform) -> None:
    """One function makes the index from the ledger, one searches both and records it; the portal asks it."""
    index, search = p.handlers["audit.search.index"], p.handlers["audit.search.answer"]
    p.data.ledger.grant_entries(index, search)
    p.data.ledger.grant_key(search)
    p.data.index.grant_read(index, search)
    p.data.index.grant_put(index)
    p.data.outbox.grant_append(search)
    p.handlers["portal.serve"].allow("lambda:InvokeFunction", on=[search.function.function_arn])


def _privacy(p: Platform) -> None:
    """One function answers who saw a person, one forgets people; the portal asks both."""
    answer, decide = p.handlers["privacy.answer"], p.handlers["privacy.decide"]
    p.data.subjects.grant_meet(p.handlers["connectors.serve"])
    p.data.subjects.grant_look_up(answer)
    p.data.subjects.grant_forget(decide)
    p.data.catalog.grant_read(answer)
    p.data.artifacts.grant_read(answer)
    p.data.ledger.grant_read(answer)
    p.data.outbox.grant_read(answer)
    p.data.outbox.grant_append(answer, decide)
    functions = [answer.function.function_arn, decide.function.function_arn]
    p.handlers["portal.serve"].allow("lambda:InvokeFunction", on=functions)


def _reports(p: Platform) -> None:
    """One function computes, signs and stores reports; one mails of them; the portal asks and shows."""
    make, tell, portal = p.handlers["reports.make"], p.handlers["reports.tell"], p.handlers["portal.serve"]
    p.data.ledger.grant_read(make)
    p.data.ledger.grant_publish(make, under="reports/")
    p.data.reports.grant_sign(make)
    p.data.catalog.grant_records(make, "REPORTS")
    p.data.catalog.grant_read(make, tell)
    p.data.catalog.grant_records(tell, "REPORTLINK#")
    p.data.catalog.grant_remember(tell, "MAIL#")
    p.data.outbox.grant_append(make, tell)
    p.data.directory.grant_get(tell)
    _send_mail(p, tell)
    p.data.ledger.grant_fetch(portal, under="reports/")
    portal.allow("lambda:InvokeFunction", on=[make.function.function_arn])


def _siem(p: Platform) -> None:
    """Each destination's function reads the ledger and its own secret, and moves its cursor."""
    for handler in p.of("siem"):
        p.data.ledger.grant_read_entries(handler)
        p.data.siem.grant_read(handler)
        p.data.siem.grant_write(handler)
        p.data.outbox.grant_append(handler)
    for name in (DestinationName.SPLUNK, DestinationName.OPENSEARCH):
        if asking := p.handlers.get(f"siem.{name}"):
            secret = p.arn("secretsmanager", f"secret:{SecretName.siem(name)}-??????")
            asking.allow("secretsmanager:GetSecretValue", on=[secret])
    if p.siem_lake_bucket:
        objects = f"{p.bucket_arn(p.siem_lake_bucket)}/ext/appguard_*"
        p.handlers["siem.lake"].allow("s3:PutObject", on=[objects])


def _change_catalog(p: Platform, *handlers: Handler) -> None:
    """State and its event in one transaction: write the catalog, append to the outbox."""
    p.data.catalog.grant_read(*handlers)
    p.data.catalog.grant_write(*handlers)
    p.data.outbox.grant_read(*handlers)
    p.data.outbox.grant_append(*handlers)


def _through_role(p: Platform, handler: Handler, *actions: str) -> None:
    """Work on app stacks, always through the role made for it."""
    apps = p.app_stacks
    changes = [f"cloudformation:{action}" for action in actions if action.endswith("Stack")]
    handler.allow(
        *changes, on=[apps.stacks], when={"StringEquals": {"cloudformation:RoleArn": apps.role.role_arn}}
    )
    others = [f"cloudformation:{action}" for action in actions if not action.endswith("Stack")]
    handler.allow("cloudformation:DescribeStacks", *others, on=[apps.stacks])
    handler.allow(
        "iam:PassRole",
        on=[apps.role.role_arn],
        when={"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
    )


def _enforce_limits(p: Platform, handler: Handler) -> None:
    """Put concurrency and permissions boundary, our own boundary only, and see that they are there."""
    apps = p.app_stacks
    handler.allow("lambda:GetFunctionConcurrency", "lambda:PutFunctionConcurrency", on=[apps.functions])
    handler.allow("iam:GetRole", on=[apps.roles])
    handler.allow(
        "iam:PutRolePermissionsBoundary",
        on=[apps.roles],
        when={"StringEquals": {"iam:PermissionsBoundary": apps.boundary_arn}},
    )


def _run_lifecycle(p: Platform, handler: Handler) -> None:
    """Suspend, resume and retire running apps."""
    _enforce_limits(p, handler)
    _through_role(p, handler, "DeleteStack")
    handler.allow("secretsmanager:DeleteSecret", on=[p.app_stacks.secrets])
    p.data.artifacts.grant_read(handler)
    p.data.archive.grant_put(handler)


def _send_mail(p: Platform, handler: Handler) -> None:
    """Send from the platform's address and no other."""
    domain = p.mail_from.rpartition("@")[2]
    handler.allow(
        "ses:SendEmail",
        on=[p.arn("ses", f"identity/{domain}"), p.arn("ses", f"identity/{p.mail_from}")],
        when={"StringEquals": {"ses:FromAddress": p.mail_from}},
    )
