"""Lambda entry point of the one function that holds the logins of databases' administrators."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.secrets.keeping import keeping
from appguard.secrets.tasks import TASK

logger = Logger(service="secrets")
Event = dict[str, Any]


@logger.inject_lambda_context
def keep(event: Event, _: Any) -> Event:
    """A review's step, an app's end, an operator's wish, or the schedule: names of secrets come back."""
    return keeping().do(TASK.validate_python(event)).model_dump(mode="json")
