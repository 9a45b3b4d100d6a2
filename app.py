"""AppGuard on AWS, or on the emulator: which stacks, in which order."""

import infra  # noqa: F401, I001 - chooses the Node that importing aws_cdk starts


from aws_cdk import App, Tags, Validations

from infra.bundle import assets
from infra.nag import Nag
from infra.settings import Deployment
from infra.stacks.data import DataStack
from infra.stacks.platform import PlatformStack
from infra.target import Target

app = App()
deployment = Deployment.from_context(app.node)
target, built = Target(deployment.target), assets(deployment.target)
data = DataStack(app, "appguard-data", target=target, deployment=deployment, synthesizer=target.synthesizer())
platform = PlatformStack(
    app,
    "appguard-platform",
    target=target,
    deployment=deployment,
    data=data,
    assets=built,
    synthesizer=target.synthesizer(),
)
data.operators.hear(data, platform)
Tags.of(app).add("appguard", "platform")
if not target.local:
    Validations.of(app).add_plugins(Nag(app))
app.synth()
