import json
from datetime import timedelta

from appguard.secrets.metrics import publish
from appguard.secrets.policy import SecretKind


def test_one_line_for_each_kind_in_the_format_cloudwatch_reads(capsys):
    publish({SecretKind.SESSION_KEY: timedelta(days=2), SecretKind.DATABASE_LOGIN: timedelta()})

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["Kind"]: line["OldestSecretAge"] for line in lines} == {
        "session_key": [172800.0],
        "database_login": [0.0],
    }
    [described] = lines[0]["_aws"]["CloudWatchMetrics"]
    assert described["Namespace"] == "AppGuard"
    assert ["Kind"] in described["Dimensions"]
