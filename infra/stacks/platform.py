"""What runs: functions, APIs, the review workflow, events and schedules."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Annotations, CfnOutput, Duration, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from appguard.directory.settings import ROOT as SCIM
from appguard.kernel.actions import Action
from infra.access import Platform, grant_everything
from infra.bundle import ROOT, VERSION, Assets
from infra.constructs.app_stacks import APP_PREFIX, AppStacks
from infra.constructs.channel import Channel, alarm_on_errors
from infra.constructs.events import Bus, Schedule
from infra.constructs.failures import Failures
from infra.constructs.handler import Handler, Telemetry
from infra.constructs.http_api import HttpApi
from infra.constructs.layers import layers
from infra.constructs.ledger_alarms import LedgerAlarms
from infra.constructs.legal_holds import LegalHolds
from infra.constructs.queue import DeadLetters
from infra.constructs.secret_ages import SecretAges
from infra.constructs.siem import SiemDelivery
from infra.constructs.witness import WitnessAddress
from infra.constructs.workflow import Workflow, workflow_arn
from infra.functions import (
    CHANNELS,
    COMPARE,
    FUNCTIONS,
    MICRO_APP_LAYERS,
    PACKAGES,
    PREVIEW,
    SANDBOXES,
    SIEM,
    SLACK_ANSWER,
    TASKS,
    TESTS,
    Function,
)
from infra.settings import Deployment
from infra.sources import open_sources
from infra.stacks.data import DataStack
from infra.target import Target

REVIEW = "appguard-review"
SLACK_ROUTE = "/slack/interactions"
SUBMISSION_ROUTE = "/api/apps/{app_id}/submissions"
HEARS = {
    "approvals.notify": (
        "review.*",
        Action.APPROVAL_DECIDED,
        Action.APPROVAL_ESCALATED,
        Action.APPROVAL_REMINDED,
        Action.APPROVAL_WITHDRAWN,
        Action.APP_DRAFTED,
        Action.EXCEPTION_EXPIRED,
        Action.EXCEPTION_REVOKED,
        Action.DATA_BUDGET_EXCEEDED,
        Action.APP_SUSPENDED,
        Action.APP_RETIRED,
        Action.APP_ARCHIVED,
        Action.APP_VULNERABLE,
    ),
    "operations.touch": ("data.*",),
    "operations.leaving.follow": (Action.PERSON_DEACTIVATED, Action.PERSON_REACTIVATED),
    "operations.recheck": (Action.ADVISORIES_SYNCED,),
    "secrets.keep": (Action.APP_RETIRED,),
    "reports.tell": (Action.REPORT_CREATED,),
}
"""Which functions the bus tells of what; `review.*` is every action that begins so."""
HEAR_AWS = ("reviews.ended", "operations.noting.deployment")
CONNECTOR_ROUTES = (
    "/connectors/{name}/queries/{query}",
    "/connectors/{name}/queries/{query}/export",
    "/connectors/{name}/commands/{command}",
)


class PlatformStack(Stack):
    """The stateless half: it can be deleted and deployed again without losing anything."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: Target,
        deployment: Deployment,
        data: DataStack,
        witness: WitnessAddress,
        assets: Assets,
        **options: Any,
    ) -> None:
        super().__init__(scope, construct_id, **options)
        self._target, self._deployment, self._data, self._assets = target, deployment, data, assets
        self._witness = witness
        channels = [function for name in deployment.channels for function in CHANNELS[name]]
        self._functions = (*FUNCTIONS, *(SIEM[name] for name in deployment.siem), *channels)
        self.layers = layers(self, target, assets, only=_needed(self._functions))
        self.runtime = s3_assets.Asset(self, "MicroAppRuntime", path=str(assets.runtime))
        self.portal_api, self.apps_api, self.connectors_api = self._apis()
        self.app_stacks = AppStacks(
            self,
            "AppStacks",
            connectors=self.connectors_api,
            apps=self.apps_api,
            artifacts=data.artifacts,
        )
        self.dead_letters = DeadLetters(self, "DeadLetters", target=target)
        self.bus = Bus(self, "Bus", name="appguard", dead_letters=self.dead_letters)
        self.telemetry = Telemetry(self, "Telemetry").policy
        self.handlers = self._handlers(assets)
        self.review = self._workflow()
        self._front_doors()
        self._events()
        self._alarms()
        LegalHolds(self, "LegalHolds", ledger=data.ledger, outbox=data.outbox)
        self._siem()
        self._channels()
        self._rights()
        self._outputs()
        if deployment.holds_examples and not target.local:
            Annotations.of(self).add_warning_v2(
                "appguard:example-values",
                "cdk.json still holds example values: set your own before deploying",
            )

    def _apis(self) -> tuple[HttpApi, HttpApi, HttpApi]:
        """Portal, micro apps and connectors, each throttled on its own."""
        portal, apps, connectors = (
            HttpApi(
                self,
                f"{name.title()}Api",
                target=self._target,
                name=f"appguard-{name}",
                requests_per_second=rate,
            )
            for name, rate in (("portal", 100), ("apps", 500), ("connectors", 500))
        )
        return portal, apps, connectors

    def _workflow(self) -> Workflow:
        """The review, its steps bound to the handlers."""
        return Workflow(
            self,
            "Review",
            target=self._target,
            name=REVIEW,
            definition=ROOT / "statemachines" / "review.asl.json",
            tasks={word: self.handlers[handler] for word, handler in TASKS.items()},
            telemetry=self.telemetry,
            timeout=Duration.days(30),
        )

    def _rights(self) -> None:
        """Who may do what: `infra.access` says it of every function, the connectors' files of data."""
        platform = Platform(
            handlers=self.handlers,
            data=self._data,
            bus=self.bus,
            review=self.review,
            witness=self._witness,
            app_stacks=self.app_stacks,
            runtime=self.runtime,
            mail_from=self._deployment.mail_from,
            preview=self.handlers[PREVIEW.key],
            tests=self.handlers[TESTS.key],
            advisory_source=self._deployment.advisory_source,
            recommend_model=self._deployment.recommend_model,
            siem_lake_bucket=self._deployment.siem_lake_bucket,
            package_index_secret=self._deployment.package_index_secret,
        )
        grant_everything(platform)
        open_sources(self, platform)

    def _handlers(self, assets: Assets) -> dict[str, Handler]:
        """Every function of the table, and the sandboxes."""
        code = lambda_.Code.from_asset(str(assets.code))
        words = self._words()
        handlers = {
            function.handler: Handler(
                self,
                function.id,
                target=self._target,
                name=function.name,
                entry=function.entry,
                code=code,
                layers=[self.layers[layer] for layer in function.layers],
                environment=function.environment(words),
                memory_mb=function.memory_mb,
                timeout_seconds=function.timeout_seconds,
                disk_mb=function.disk_mb,
                telemetry=self.telemetry,
            )
            for function in self._functions
        }
        powerless = {
            sandbox.key: Handler(
                self,
                sandbox.id,
                target=self._target,
                name=sandbox.name,
                entry=sandbox.entry,
                code=lambda_.Code.from_asset(str(assets.runtime)),
                layers=[self.layers[layer] for layer in sandbox.layers],
                environment={},
                memory_mb=sandbox.memory_mb,
                timeout_seconds=sandbox.timeout_seconds,
                telemetry=None,
            )
            for sandbox in SANDBOXES
        }
        return handlers | powerless

    def _words(self) -> dict[str, str]:
        """The value of every word a function's environment may ask for."""
        given, data, apis = self._deployment, self._data, self.connectors_api
        connectors = self._target.connectors_url(apis.id, apis.url, given.aws_endpoint)
        return {
            "ADVISORY_SOURCE": given.advisory_source,
            "APPS_API_ID": self.apps_api.id,
            "APPS_URL": given.apps_url or self.apps_api.url,
            "APP_BOUNDARY_ARN": self.app_stacks.boundary_arn,
            "APP_LAYER_ARNS": ",".join(self.layers[name].layer_version_arn for name in MICRO_APP_LAYERS),
            "APP_PREFIX": APP_PREFIX,
            "APP_RUNTIME": self._target.runtime.name,
            "APP_RUNTIME_BUCKET": self.runtime.s3_bucket_name,
            "APP_RUNTIME_KEY": self.runtime.s3_object_key,
            "APP_STACK_ROLE_ARN": self.app_stacks.role.role_arn,
            "ARCHIVE_BUCKET": data.archive.name,
            "ARTIFACTS_BUCKET": data.artifacts.name,
            "ATTESTATION_KEY_ID": data.attestations.key.key_arn,
            "AUDITOR_EMAIL": given.auditor_email,
            "BUDGETS_TABLE": data.budgets.name,
            "CATALOG_TABLE": data.catalog.name,
            "COMPARE_FUNCTION": COMPARE.name,
            "CONNECTORS_API_ID": self.connectors_api.id,
            "CONNECTORS_URL": given.connectors_url or connectors,
            "DIRECTORY_TABLE": data.directory.name,
            "EVENT_BUS": self.bus.name,
            "INDEX_BUCKET": data.index.name,
            "LEDGER_BUCKET": data.ledger.bucket.name,
            "LEDGER_KEY_ID": data.ledger.key.key_arn,
            "LEDGER_ORIGIN": given.ledger_origin,
            "LEDGER_QUEUE_URL": data.ledger.queue.url,
            "LEDGER_TABLE": data.ledger.heads.name,
            "MAIL_FROM": given.mail_from,
            "OIDC_CLIENT_ID": given.oidc_client_id,
            "OIDC_ISSUER": given.oidc_issuer,
            "OPERATORS_TOPIC_ARN": data.operators.topic.topic_arn,
            "OUTBOX_TABLE": data.outbox.name,
            "PACKAGES_FUNCTION": PACKAGES.name,
            "PACKAGE_INDEX_SECRET": given.package_index_secret or "",
            "PACKAGE_INDEX_URL": self._target.package_index(given.package_index_url),
            "PLATFORM_CODE": self._assets.code.stem,
            "PLATFORM_CONFIGURATION": given.digest,
            "PLATFORM_VERSION": VERSION,
            "PORTAL_URL": given.portal_url or self.portal_api.url,
            "REPORT_KEY_ID": data.reports.key.key_arn,
            "REVIEWER_EMAIL": given.reviewer_email,
            "REVIEW_STATE_MACHINE_ARN": workflow_arn(self, REVIEW),
            "SANDBOX_FUNCTION": PREVIEW.name,
            "SANDBOX_TESTS_FUNCTION": TESTS.name,
            "SECRETS_PROVIDER": given.secrets_provider,
            "SESSIONS_TABLE": data.sessions.name,
            "SIEM_ACCOUNT": self.account,
            "SIEM_LAKE_BUCKET": given.siem_lake_bucket or "",
            "SIEM_OPENSEARCH_INDEX": given.siem_opensearch_index,
            "SIEM_OPENSEARCH_URL": given.siem_opensearch_url or "",
            "SIEM_SPLUNK_URL": given.siem_splunk_url or "",
            "SIEM_TABLE": data.siem.name,
            "SLACK_API_URL": self._target.slack_api(given.slack_api_url),
            "SLACK_CHANNEL": given.slack_channel,
            "SLACK_TEAM_ID": given.slack_team_id or "",
            "SUBJECTS_LOOKUP_KEY_ID": data.subjects.lookup.key_arn,
            "SUBJECTS_TABLE": data.subjects.keys.name,
            "WITNESS_FUNCTION": self._witness.function_arn,
            "WITNESS_KEY_ID": self._witness.key_arn,
            "WITNESS_NAME": given.witness_name,
            **({"VAULT_ADDR": given.vault_address} if given.vault_address else {}),
            **({"SOURCES_FILE": given.sources_file} if given.sources_file else {}),
            **({"HELP_CONTACT": given.help_contact} if given.help_contact else {}),
            **({"OFFICE_HOURS": given.office_hours} if given.office_hours else {}),
            **({"RECOMMEND_MODEL": given.recommend_model} if given.recommend_model else {}),
        }

    def _front_doors(self) -> None:
        """Portal and connectors answer for themselves; micro apps add their own routes to the apps API."""
        self.portal_api.serve(self.handlers["portal.serve"])
        self.portal_api.serve_posts(self.handlers["submissions.receive"], SUBMISSION_ROUTE)
        self.portal_api.serve_below(self.handlers["directory.scim"], SCIM)
        self.connectors_api.serve_signed(self.handlers["connectors.serve"], CONNECTOR_ROUTES)
        self.connectors_api.tell_refusals(self.handlers["audit.note_refusals"])

    def _events(self) -> None:
        """Who hears of what, and who runs when."""
        act = self.handlers
        self._data.outbox.feed(act["audit.relay"], dead_letters=self.dead_letters)
        self._data.ledger.queue.feed(act["audit.sequence"])
        for handler, actions in HEARS.items():
            self.bus.deliver(actions, act[handler])
        self.bus.deliver_failures_of(self.review.arn, act["reviews.ended"])
        self.bus.deliver_deployments_of((self._data, self), act["operations.noting.deployment"])
        schedules = {
            "audit.search.index": Duration.minutes(2),
            "audit.sweep": Duration.minutes(5),
            "audit.cosign": Duration.minutes(5),
            "audit.verify": Duration.days(1),
            "operations.sweep": Duration.hours(1),
            "approvals.reminding.run": Duration.minutes(15),
            "secrets.keep": Duration.hours(1),
            "reports.make": Duration.hours(6),
        }
        if self._target.fetches:
            schedules["packages.sync"] = Duration.days(1)
        for handler, every in schedules.items():
            construct_id = "".join(part.title() for part in handler.split(".")) + "Schedule"
            Schedule(self, construct_id, every=every, handler=act[handler], dead_letters=self.dead_letters)
        failures = Failures(self, "Failures", target=self._target)
        delivering = (SIEM[name].handler for name in self._deployment.siem)
        called = {*HEARS, *HEAR_AWS, *schedules, *delivering, COMPARE.handler, "audit.note_refusals"}
        failures.watch(*(act[name] for name in sorted(called)))
        failures.feed(act["operations.noting.failures"])

    def _alarms(self) -> None:
        """What operators hear of; each micro app's stack brings its own."""
        SecretAges(self, "SecretAges")
        LedgerAlarms(self, "LedgerAlarms", inbox=self._data.ledger.queue)
        self.dead_letters.alarm(
            "appguard-dead-letters",
            "An event or schedule failed for hours: read the message in the queue of output "
            "DeadLettersUrl, mend what the log of its function says, and send it again",
        )

    def _siem(self) -> None:
        """Where events are delivered, each with its own clock, wake-up and alarm."""
        for name in self._deployment.siem:
            SiemDelivery(
                self,
                f"DeliverTo{name.title()}",
                target=self._target,
                name=name,
                handler=self.handlers[SIEM[name].handler],
                bus=self.bus,
                dead_letters=self.dead_letters,
            )

    def _channels(self) -> None:
        """Where reviewers are asked besides by mail, and may answer besides in the portal."""
        for name in self._deployment.channels:
            tell = self.handlers[CHANNELS[name][0].handler]
            Channel(self, name.title(), target=self._target, name=name, handler=tell, bus=self.bus)
        if answer := self.handlers.get(SLACK_ANSWER.handler):
            self.portal_api.serve_posts(answer, SLACK_ROUTE)
            alarm_on_errors(answer, "slack")

    def _outputs(self) -> None:
        """What the harness, the deployment guide and a curious operator ask for."""
        words = self._words()
        outputs = {
            "PortalApiId": self.portal_api.id,
            "AppsApiId": self.apps_api.id,
            "ConnectorsApiId": self.connectors_api.id,
            "PortalUrl": words["PORTAL_URL"],
            "AppsUrl": words["APPS_URL"],
            "ConnectorsUrl": words["CONNECTORS_URL"],
            "StateMachineArn": self.review.machine.state_machine_arn,
            "EventBusName": self.bus.name,
            "AppBoundaryArn": self.app_stacks.boundary_arn,
            "AppStackRoleArn": self.app_stacks.role.role_arn,
            "SandboxFunction": PREVIEW.name,
            "DeadLettersUrl": self.dead_letters.queue.queue_url,
        }
        for name, value in outputs.items():
            CfnOutput(self, f"{name}Output", value=value).override_logical_id(name)


def _needed(functions: Sequence[Function]) -> set[str]:
    """The layers that some function or sandbox has."""
    return {layer for one in functions for layer in one.layers} | {
        layer for sandbox in SANDBOXES for layer in sandbox.layers
    }
