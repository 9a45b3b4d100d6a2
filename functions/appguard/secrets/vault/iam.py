"""Proving to Vault which IAM role we are, with no secret of Vault's own (its auth method `aws`, type `iam`).

We sign a request to STS that says who is asking and hand the signed request to Vault, which sends it. The
signature covers the name of the Vault it was made for, so that no other server can use it.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import urlsplit

from appguard.kernel.errors import Misconfigured

Proof = dict[str, str]
ASKED = "Action=GetCallerIdentity&Version=2011-06-15"


def signed_identity(address: str, role: str) -> Callable[[], Proof]:
    """Makes the body of `auth/aws/login`, afresh for each sign-in."""

    def proof() -> Proof:
        from botocore.auth import SigV4Auth  # noqa: PLC0415 - only where Vault was chosen
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415
        from botocore.session import get_session  # noqa: PLC0415

        session = get_session()
        credentials = session.get_credentials()
        if credentials is None:
            raise Misconfigured("there are no AWS credentials to sign in to Vault with")
        region = session.get_config_variable("region") or "us-east-1"
        url = f"https://sts.{region}.amazonaws.com/"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "X-Vault-AWS-IAM-Server-ID": urlsplit(address).hostname or "",
        }
        request = AWSRequest(method="POST", url=url, data=ASKED, headers=headers)
        SigV4Auth(credentials, "sts", region).add_auth(request)
        signed = {name: [value] for name, value in request.headers.items()}
        return {
            "role": role,
            "iam_http_request_method": "POST",
            "iam_request_url": _encoded(url),
            "iam_request_body": _encoded(ASKED),
            "iam_request_headers": _encoded(json.dumps(signed)),
        }

    return proof


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()
