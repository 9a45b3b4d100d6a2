import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.kernel.ids import AppId, ConnectorName
from appguard.secrets.names import SecretName, roles

IDS = st.from_regex(AppId.pattern, fullmatch=True)


@given(IDS, IDS)
def test_a_role_fits_into_postgresql_and_says_whose_it_is(app, connector):
    for role in roles(ConnectorName(connector), AppId(app)):
        assert len(role.encode()) <= 63
        assert role.startswith(f"appguard_{app}_")


@given(IDS, IDS, IDS, IDS)
def test_no_two_logins_share_a_role(app, connector, other_app, other_connector):
    one, other = (
        roles(ConnectorName(connector), AppId(app)),
        roles(ConnectorName(other_connector), AppId(other_app)),
    )
    assert (one == other) == ((app, connector) == (other_app, other_connector))
    assert len({*one, *other}) in (2, 4)


@pytest.mark.parametrize("name", ["appguard/apps/../x", "appguard/other/x", "appguard/logins/x", "x", ""])
def test_only_our_own_secrets_have_names(name):
    with pytest.raises(ValueError, match="appguard/"):
        SecretName(name)
