"""The three shapes of what rings: something happened, a daily word did not come, something is too old."""

from dataclasses import dataclass, field

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
HOURS_OF_SILENCE = 26
"""What comes every day may come two hours late."""


@dataclass(frozen=True)
class Reported:
    """What a function says of itself in its log (embedded metric format)."""

    namespace: str
    name: str
    dimensions: dict[str, str] = field(default_factory=dict)

    def metric(self, statistic: str, period: Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self.namespace,
            metric_name=self.name,
            dimensions_map=self.dimensions,
            statistic=statistic,
            period=period,
        )


class Happened(cloudwatch.Alarm):
    """Rings for what must never happen; where nothing is said, it stays as it is."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        says: str,
        what: Reported,
        holds: bool = False,
    ) -> None:
        """`what` counts occurrences; or, if it `holds`, it is one as long as all is well."""
        super().__init__(
            scope,
            construct_id,
            alarm_name=name,
            alarm_description=says,
            metric=what.metric("Minimum" if holds else "Sum", Duration.minutes(5)),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=BELOW if holds else ABOVE,
            treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
        )


class Silent(cloudwatch.Alarm):
    """Rings when what is said every day was not said."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, says: str, what: Reported) -> None:
        super().__init__(
            scope,
            construct_id,
            alarm_name=name,
            alarm_description=says,
            metric=what.metric("SampleCount", Duration.hours(1)),
            threshold=1,
            evaluation_periods=HOURS_OF_SILENCE,
            comparison_operator=BELOW,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )


class TooOld(cloudwatch.Alarm):
    """Rings when an age that is reported all the time is beyond `seconds`, and when it is not reported."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        says: str,
        what: Reported,
        seconds: float,
        within: Duration,
        statistic: str,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            alarm_name=name,
            alarm_description=says,
            metric=what.metric(statistic, within),
            threshold=seconds,
            evaluation_periods=1,
            comparison_operator=ABOVE,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )


class Lagging(TooOld):
    """Rings when what takes two minutes has not once been done for a quarter of an hour."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, says: str, what: Reported) -> None:
        late = Duration.minutes(15)
        super().__init__(
            scope,
            construct_id,
            name=name,
            says=says,
            what=what,
            seconds=late.to_seconds(),
            within=late,
            statistic="Minimum",
        )
