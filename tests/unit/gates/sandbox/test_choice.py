import pytest

from appguard.gates.sandbox.choice import sandbox
from appguard.gates.sandbox.function import FunctionSandbox
from appguard.gates.sandbox.local import LocalSandbox


@pytest.mark.parametrize(("name", "kind"), [("", LocalSandbox), ("appguard-sandbox-tests", FunctionSandbox)])
def test_the_setting_decides_where_tests_run(monkeypatch, name: str, kind: type) -> None:
    monkeypatch.setenv("SANDBOX_TESTS_FUNCTION", name)
    assert isinstance(sandbox.__wrapped__(), kind)
