"""An alarm that rings is heard, with what to do in it."""

import json

import pytest

from infra.local.story.ground import until

pytestmark = pytest.mark.e2e


@pytest.fixture
def listening(ground):
    """Reads what operators are told, from a queue that listens as their mailbox would."""
    sqs, sns = ground.client("sqs"), ground.client("sns")
    queue = sqs.create_queue(QueueName="operators-ears")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = ground.outputs["OperatorsTopicArn"]
    may = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    subscribed = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)

    def hear():
        heard = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(json.loads(message["Body"])["Message"]) for message in heard]

    yield hear
    sns.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=queue)


def test_operators_are_told_what_to_do_when_an_alarm_rings(ground, listening):
    ground.client("cloudwatch").set_alarm_state(
        AlarmName="appguard-dead-letters", StateValue="ALARM", StateReason="a test rings it"
    )
    [told] = until(listening, "the alarm", 20)
    assert (told["AlarmName"], told["NewStateValue"]) == ("appguard-dead-letters", "ALARM")
    assert "send it again" in told["AlarmDescription"]
