"""An app with packages: completed on a laptop, tested with them in review, published with the same bytes."""

import io
import json
import subprocess
import sys
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from appguard.apps.bundle import Bundle
from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId
from appguard.packages.index import build
from appguard.packages.installation import archive
from appguard.packages.model import Resolution
from appguard.packages.osv import OsvRecord
from appguard.reviews.model import Published, Refused
from appguard.reviews.reviews import Reviews
from infra.local.story.cast import ANA, ROB
from infra.local.story.ground import Ground, until
from tests.e2e.test_examples import OWNER, platform
from tests.support import https
from tests.support.https import Api
from tests.support.package_index import Index, installed, serving
from tests.unit.packages.conftest import osv, zipped

pytestmark = pytest.mark.e2e

__all__ = ["platform"]
BY = OWNER.acting_as(Role.REQUESTER)
FETCH, SYNC = "appguard-packages-fetch", "appguard-packages-sync"
TEST = """from dateutil.easter import easter


def test_easter():
    assert easter(2026).isoformat() == "2026-04-05"
"""


@pytest.fixture(scope="module")
def index(ground: Ground) -> Iterator[Index]:
    """An index on loopback that the deployed function asks, and advisories that know nothing bad."""
    functions = ground.client("lambda")
    before = functions.get_function_configuration(FunctionName=FETCH)["Environment"]
    known = build([OsvRecord.model_validate(osv() | {"modified": _today()})])
    ground.client("s3").put_object(
        Bucket=ground.outputs["ArtifactsBucket"], Key="packages/advisories.zip", Body=known
    )
    with serving() as found:
        for name in ("python-dateutil", "six"):
            version, content, _ = installed(name)
            found.add(name, version, content)
        words = before["Variables"] | {"PACKAGE_INDEX_URL": found.url}
        functions.update_function_configuration(FunctionName=FETCH, Environment={"Variables": words})
        yield found
    functions.update_function_configuration(FunctionName=FETCH, Environment=before)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A low-risk app whose test needs a package, pinned as a requester would."""
    made = tmp_path_factory.mktemp("packages") / "easter-rota"
    assert appguard("init", "office-self-service", made, "--owner", "ana@example.com").returncode == 0
    (made / "requirements.txt").write_text(f"python-dateutil=={installed('python-dateutil')[0]}\n")
    (made / "tests").mkdir()
    (made / "tests" / "test_easter.py").write_text(TEST)
    return made


@pytest.fixture(scope="module")
def bare(folder: Path) -> Bundle:
    """The app as its requester wrote it: what its package needs is not pinned."""
    return Bundle.from_dir(folder)


@pytest.fixture(scope="module")
def whole(index: Index, folder: Path, bare: Bundle) -> Bundle:
    """The same once `--fix` has added the rest."""
    assert "+six==" in appguard("check", folder, "--index", index.url, "--fix").stdout
    return Bundle.from_dir(folder)


@pytest.fixture(scope="module")
def in_use(whole: Bundle, platform: tuple[Catalog, Reviews]) -> AppId:
    """The app that was published with its packages."""
    found = review(platform, "easter-rota", whole)
    assert isinstance(found, Published), found.model_dump_json()
    return AppId("easter-rota")


def test_without_what_its_packages_need_an_app_is_refused(
    index: Index, bare: Bundle, platform: tuple[Catalog, Reviews]
) -> None:
    assert isinstance(review(platform, "packages-bare", bare), Refused)


def test_an_app_is_tested_and_published_with_its_packages(
    whole: Bundle, in_use: AppId, ground: Ground
) -> None:
    known = resolution(ground, whole)
    shipped = archive_of(ground, in_use)
    packages = {
        name.removeprefix("packages/"): content
        for name, content in shipped.items()
        if name.startswith("packages/")
    }
    assert {"dateutil/easter.py", "six.py"} <= set(packages)
    assert sha256(archive(packages)).hexdigest() == known.installed
    statement = attestation(ground)
    assert all(one.wheel.sha256 in statement for one in known.facts)


@pytest.fixture(scope="module")
def export(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """OSV's export, behind an address the deployed function asks and a certificate it believes."""
    folder, functions = tmp_path_factory.mktemp("osv"), ground.client("lambda")
    before = functions.get_function_configuration(FunctionName=SYNC)["Environment"]
    with https.serving(folder) as api:
        (folder / "ca.pem").write_text(api.ca)
        where = {"OSV_URL": f"https://localhost:{api.port}/all.zip", "SSL_CERT_FILE": str(folder / "ca.pem")}
        words = {"Variables": before["Variables"] | where}
        functions.update_function_configuration(FunctionName=SYNC, Environment=words)
        yield api
    functions.update_function_configuration(FunctionName=SYNC, Environment=before)


def test_of_a_fault_that_becomes_known_later_owner_and_reviewers_hear_once(
    in_use: AppId, ground: Ground, export: Api, platform: tuple[Catalog, Reviews]
) -> None:
    def synced(*ids: str) -> None:
        fixed = [{"introduced": "0"}, {"fixed": "99.0"}]
        faults = [osv(id_, "six", events=fixed) for id_ in ids]
        known = [osv(), osv("PYSEC-2", "other"), *faults]
        export.says(zipped({f"{one['id']}.json": one | {"modified": _today()} for one in known}))
        assert ground.invoke(SYNC, {}) == {"advisories": len(known)}

    def told() -> list[dict[str, Any]]:
        return ground.mail_to("brings a package with a known fault")

    synced("PYSEC-2026-6")
    until(lambda: len(told()) >= 2, "the mails about the fault")
    assert ground.invoke("appguard-operations-recheck", {}) == {"news": []}
    synced("PYSEC-2026-6")
    assert ground.invoke("appguard-operations-recheck", {}) == {"news": []}

    assert sorted(to for mail in told() for to in mail["To"]) == [ANA, ROB]
    assert all("PYSEC-2026-6" in json.dumps(mail) for mail in told())
    app = platform[0].get(in_use)
    assert (app.state, [one.advisory for one in app.publication.faults]) == (State.ACTIVE, ["PYSEC-2026-6"])


def review(platform: tuple[Catalog, Reviews], name: str, bundle: Bundle) -> Any:
    """How the review of a bundle ends."""
    apps, reviewing = platform
    app_id = AppId(name)
    apps.create(app_id, "Easter rota", "", "A team", OWNER)
    manifest = bundle.files["app.yaml"].replace(b"easter-rota", name.encode())
    bundle = Bundle({**bundle.files, "app.yaml": manifest})
    apps.save_draft(app_id, bundle, BY)
    reviewing.submit(app_id, bundle.digest, BY)

    def ended() -> Any:
        [found] = reviewing.of_app(app_id)
        return found if found.state not in ("running", "approved") else None

    return until(ended, f"the end of the review of {name}")


def resolution(ground: Ground, bundle: Bundle) -> Resolution:
    digest = sha256(bundle.files["requirements.txt"]).hexdigest()
    key = f"packages/resolutions/{digest}.json"
    found = ground.client("s3").get_object(Bucket=ground.outputs["ArtifactsBucket"], Key=key)
    return Resolution.model_validate_json(found["Body"].read())


def archive_of(ground: Ground, app: str) -> dict[str, bytes]:
    """The files of the archive that the app's stack was built of."""
    s3, bucket = ground.client("s3"), ground.outputs["ArtifactsBucket"]
    stack = ground.client("cloudformation").describe_stacks(StackName=f"appguard-app-{app}")["Stacks"][0]
    [key] = [one["ParameterValue"] for one in stack["Parameters"] if one["ParameterKey"] == "CodeKey"]
    with zipfile.ZipFile(io.BytesIO(s3.get_object(Bucket=bucket, Key=key)["Body"].read())) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def attestation(ground: Ground) -> str:
    """Everything that was signed about the app's packages, decoded."""
    s3, bucket = ground.client("s3"), ground.outputs["ArtifactsBucket"]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="attestations/")["Contents"]
    keys = [one["Key"] for one in listed if "easter-rota" in one["Key"] and "dsse" in one["Key"]]
    envelopes = [json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys]
    return "".join(b64decode(envelope["payload"]).decode() for envelope in envelopes)


def appguard(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("appguard")), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _today() -> str:
    return datetime.now(UTC).isoformat()
