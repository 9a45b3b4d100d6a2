"""AppGuard on AWS, or on the emulator: which stacks, in which order."""

import infra  # noqa: F401, I001 - chooses the Node that importing aws_cdk starts


from aws_cdk import App, Tags, Validations

from infra.bundle import assets
from infra.nag import Nag
from infra.settings import Deployment
from infra.stacks.everything import stacks
from infra.target import Target

app = App()
deployment = Deployment.from_context(app.node)
target = Target(deployment.target)
stacks(app, target, deployment, assets(deployment.target))
Tags.of(app).add("appguard", "platform")
if not target.local:
    Validations.of(app).add_plugins(Nag(app, whole=not deployment.ledger_key_arn))
app.synth()
