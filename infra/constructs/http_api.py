"""An HTTP API: logged, throttled, and with nothing behind it until routes are added."""

import json
from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_logs_destinations as log_destinations
from constructs import Construct

from infra.constructs.handler import LOG_RETENTION, Handler
from infra.target import Target

# No path and no query: they may hold an approval's locator or a sign-in's code.
ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "integration": "$context.integrationStatus",
    "ip": "$context.identity.sourceIp",
    "caller": "$context.identity.userArn",
    "milliseconds": "$context.responseLatency",
    "error": "$context.error.message",
}
REFUSED_BY_GATEWAY = '{ ($.status = "401" || $.status = "403") && $.integration = "-" }'


class HttpApi(Construct):
    """One API with one stage at its root. `requests_per_second` bounds what a flood can cost."""

    def __init__(
        self, scope: Construct, construct_id: str, *, target: Target, name: str, requests_per_second: int
    ) -> None:
        super().__init__(scope, construct_id)
        self.api = apigw.HttpApi(self, "Api", api_name=name, create_default_stage=False)
        self.access_log = logs.LogGroup(
            self,
            "AccessLog",
            log_group_name=f"/aws/apigateway/{name}",
            retention=LOG_RETENTION,
            removal_policy=target.removal,
        )
        apigw.CfnStage(
            self,
            "Stage",
            api_id=self.api.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=apigw.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=requests_per_second, throttling_burst_limit=2 * requests_per_second
            ),
            access_log_settings=apigw.CfnStage.AccessLogSettingsProperty(
                destination_arn=self.access_log.log_group_arn, format=json.dumps(ACCESS_LOG)
            ),
        )
        self.id = self.api.api_id
        self.url = self.api.api_endpoint

    def serve(self, handler: Handler) -> None:
        """Send every request to one handler, which signs people in itself."""
        self.api.add_routes(
            path="/{proxy+}",
            methods=[apigw.HttpMethod.ANY],
            integration=integrations.HttpLambdaIntegration("Any", handler.function),
        )
        self.api.add_routes(
            path="/",
            methods=[apigw.HttpMethod.ANY],
            integration=integrations.HttpLambdaIntegration("Root", handler.function),
        )

    def serve_posts(self, handler: Handler, path: str) -> None:
        """Send POSTs on this path, which is narrower than what `serve` takes, to a handler of its own."""
        self.api.add_routes(
            path=path,
            methods=[apigw.HttpMethod.POST],
            integration=integrations.HttpLambdaIntegration("Posts", handler.function),
        )

    def serve_below(self, handler: Handler, path: str) -> None:
        """Send every request below this path, narrower than what `serve` takes, to a handler of its own."""
        self.api.add_routes(
            path=f"{path}/{{proxy+}}",
            methods=[apigw.HttpMethod.ANY],
            integration=integrations.HttpLambdaIntegration("Below", handler.function),
        )

    def serve_signed(self, handler: Handler, paths: Sequence[str]) -> None:
        """Send POSTs on these paths to a handler, if the caller signed them with a role that may."""
        integration = integrations.HttpLambdaIntegration("Signed", handler.function)
        for path in paths:
            self.api.add_routes(
                path=path,
                methods=[apigw.HttpMethod.POST],
                integration=integration,
                authorizer=authorizers.HttpIamAuthorizer(),
            )

    def tell_refusals(self, handler: Handler) -> None:
        """Send a handler the log's lines of requests that were refused before any function saw them."""
        logs.SubscriptionFilter(
            self,
            "Refusals",
            log_group=self.access_log,
            destination=log_destinations.LambdaDestination(handler.function),
            filter_pattern=logs.FilterPattern.literal(REFUSED_BY_GATEWAY),
        )

    def invocation_arn(self, method: str, path: str) -> str:
        """What `execute-api:Invoke` names."""
        return Stack.of(self).format_arn(
            service="execute-api", resource=self.id, resource_name=f"*/{method}{path}"
        )
