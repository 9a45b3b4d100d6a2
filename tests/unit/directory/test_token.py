import pytest

from appguard.directory.errors import TokenRefused
from appguard.directory.token import KEPT_SECONDS, Gate
from appguard.kernel.errors import Misconfigured
from appguard.secrets.provider import Value
from tests.support.scim import TOKEN, secret

OTHER = "another-token-of-forty-characters-or-so"


class Secrets:
    """One secret, and how often it was read."""

    def __init__(self, text):
        self.text, self.read_times = text, 0

    def read(self, name):
        assert name == "appguard/directory/scim"
        self.read_times += 1
        return Value("1", self.text) if self.text else None


def test_the_token_opens_and_nothing_else_does():
    gate = Gate(Secrets(secret()))
    gate.demand(f"Bearer {TOKEN}")
    gate.demand(f"bearer  {TOKEN}")
    for wrong in (
        "",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        "Bearer ",
        "Bearer ä\ud800",
    ):
        with pytest.raises(TokenRefused):
            gate.demand(wrong)


def test_while_it_is_changed_both_open_and_the_old_one_no_longer_after_a_minute():
    now, kept = [0.0], Secrets(secret(previous=OTHER))
    gate = Gate(kept, lambda: now[0])
    gate.demand(f"Bearer {OTHER}")
    kept.text = secret()
    now[0] = KEPT_SECONDS - 1
    gate.demand(f"Bearer {OTHER}")
    assert kept.read_times == 1
    now[0] = KEPT_SECONDS
    with pytest.raises(TokenRefused):
        gate.demand(f"Bearer {OTHER}")


@pytest.mark.parametrize("text", ["", "{}", '{"token": "short"}', '{"token": ""}', TOKEN])
def test_without_a_secret_that_holds_a_token_nobody_is_let_in_and_it_is_not_quoted(text):
    with pytest.raises(Misconfigured) as caught:
        Gate(Secrets(text)).demand(f"Bearer {TOKEN}")
    assert TOKEN not in caught.value.message
