import pytest

from appguard.policy.hosts import HostKind, kind_of


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("api.example.com", HostKind.EXTERNAL),
        ("internal.example.com", HostKind.EXTERNAL),
        ("169.254.169.254", HostKind.ADDRESS),
        ("169.254.43518", HostKind.ADDRESS),
        ("0xa9.0xfe.0xa9.0xfe", HostKind.ADDRESS),
        ("host.0x7f000001", HostKind.ADDRESS),
        ("fd00:ec2::254", HostKind.ADDRESS),
        ("metadata.google.internal", HostKind.INTERNAL),
        ("vault.corp", HostKind.INTERNAL),
        ("db.LOCAL.", HostKind.INTERNAL),
        ("169.254.169.254.nip.io", HostKind.INTERNAL),
        ("bucket.s3.eu-central-1.amazonaws.com", HostKind.AWS),
        ("lambda.eu-central-1.api.aws", HostKind.AWS),
        ("amazonaws.com.example.org", HostKind.EXTERNAL),
        ("notamazonaws.com", HostKind.EXTERNAL),
    ],
)
def test_a_host_has_a_kind(host: str, kind: HostKind) -> None:
    assert kind_of(host) is kind
