"""Which micro app is calling: the role the gateway's IAM authorizer authenticated, and nothing else."""

import re

from appguard.connectors.errors import AppUnknown
from appguard.kernel.ids import AppId

_ASSUMED_ROLE = re.compile(
    r"arn:aws(?:-[a-z-]+)?:sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[\w+=,.@-]{1,64})/[\w+=,.@-]{1,64}"
)


def app_of(role_arn: str, account: str, prefix: str) -> AppId:
    """The app whose role in our own account this is; raises `AppUnknown`.

    >>> app_of("arn:aws:sts::111122223333:assumed-role/appguard-app-leave/f", "111122223333", "appguard-app-")
    'leave'
    """
    match = _ASSUMED_ROLE.fullmatch(role_arn)
    if not match or match["account"] != account or not match["role"].startswith(prefix):
        raise AppUnknown("the caller is not a micro app")
    try:
        return AppId(match["role"].removeprefix(prefix))
    except ValueError:
        raise AppUnknown("the caller is not a micro app") from None
