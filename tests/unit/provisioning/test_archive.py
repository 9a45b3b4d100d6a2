import io
import json
import zipfile

from appguard.apps.bundle import Bundle
from appguard.provisioning.archive import build
from appguard.runtime.model import MicroApp
from tests.support.world import LEAVE, RISKY

PACKAGES = {"thing/__init__.py": b"VERSION = 1", "another.py": b""}


def files(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_it_holds_the_runtime_the_bundle_and_the_compiled_definition(world, runtime):
    world.draft(LEAVE, RISKY)

    held = files(build(runtime, world.apps.get(LEAVE), RISKY, {}))

    assert held["appguard/runtime/handler.py"] == b"serve = None"
    assert held["app/app.yaml"] == RISKY.files["app.yaml"]
    definition = MicroApp.model_validate_json(held["app/app.json"])
    assert definition.app_id == LEAVE
    assert definition.bundle_digest == RISKY.digest
    assert definition.pages == RISKY.manifest().pages


def test_the_same_inputs_give_the_same_bytes(world, runtime):
    world.draft(LEAVE, RISKY)
    app = world.apps.get(LEAVE)

    assert build(runtime, app, RISKY, PACKAGES) == build(
        runtime, app, RISKY, dict(reversed(PACKAGES.items()))
    )


def test_a_bundle_can_replace_neither_runtime_nor_definition(world, runtime):
    sly = Bundle(
        {
            **RISKY.files,
            "app.json": b'{"app_id": "payroll"}',
            "appguard/runtime/handler.py": b"import os; os.system('id')",
        }
    )
    world.draft(LEAVE, sly)

    held = files(build(runtime, world.apps.get(LEAVE), sly, {}))

    assert held["appguard/runtime/handler.py"] == b"serve = None"
    assert json.loads(held["app/app.json"])["app_id"] == "leave-request"
    assert held["app/appguard/runtime/handler.py"].startswith(b"import os")


def test_packages_lie_beside_the_app_and_replace_nothing(world, runtime):
    world.draft(LEAVE, RISKY)
    packages = {**PACKAGES, "handler.py": b"sly"}

    held = files(build(runtime, world.apps.get(LEAVE), RISKY, packages))

    assert held["packages/thing/__init__.py"] == b"VERSION = 1"
    assert held["appguard/runtime/handler.py"] == b"serve = None"
    assert "handler.py" not in held
