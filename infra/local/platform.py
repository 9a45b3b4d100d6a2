"""The local platform as one thing: `up`, `down`, `status`."""

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from infra.local import assembly, deployment, differences, emulator, keeping, postgres, process, seeds
from infra.local.errors import PortTaken
from infra.local.people import CLIENT_ID
from infra.local.places import CHOSEN, ROOT, chosen_context, home, sources_file
from infra.local.ports import LOOPBACK, is_open
from infra.local.process import Process
from infra.local.routes import Routes
from infra.local.state import Ports, State, only_one
from infra.local.status import Endpoints, Status, aws_endpoint, endpoints_of, lives, origin, runs, status

__all__ = ["Endpoints", "Status", "down", "status", "up"]

Say = Callable[[str], None]
STATEFUL = (
    "aws",
    "aws.copy",
    "postgres",
    "assembly",
    "postgres.password",
    "oidc.pem",
    "platform.json",
    "sources.yaml",
    CHOSEN,
)


def up(say: Say = lambda _: None) -> Endpoints:
    """Start what does not run, deploy what is not deployed; a second call changes nothing."""
    with only_one():
        state = (State.load() or State(ports=Ports.choose())).save()
        _refuse_taken_ports(state)
        say("starting emulator, database and identity provider")
        with ThreadPoolExecutor(4) as pool:
            wanted = pool.submit(assembly.synthesize, _context(state.ports))
            services = (
                pool.submit(postgres.start, state.ports.postgres),
                pool.submit(_ensure, "emulator", lambda: _start_emulator(state.ports.aws, say)),
                pool.submit(_ensure, "oidc", lambda: _start_oidc(state.ports)),
            )
        for started in services:
            started.result()
        return endpoints_of(_deploy(state, wanted.result(), say))


def down(*, reset: bool = False) -> None:
    """Stop everything; with `reset` forget everything too."""
    with only_one():
        state = State.load()
        if state:
            _stop(state)
        postgres.stop()
        if reset:
            for name in STATEFUL:
                _remove(home() / name)


def _stop(state: State) -> None:
    """Stop our processes in the order in which requests pass them, and keep what the emulator would lose."""
    if lives("emulator", state.ports.aws):
        keeping.note_locks(state.ports.aws)
    for name in ("front", "oidc", "emulator"):
        if known := Process.known(name):
            known.stop()
    keeping.copy_state()


def _start_emulator(port: int, say: Say) -> Process:
    """Start the emulator on a state that fits together."""
    if keeping.recover_state():
        say("the emulator was killed; going back to its state of the last `appguard down`")
    keeping.rewind_streams()
    started = emulator.start(port)
    keeping.restore_locks(port)
    return started


def _refuse_taken_ports(state: State) -> None:
    """Our ports may be in use by our own processes only."""
    ours = {
        "aws": runs("emulator"),
        "oidc": runs("oidc"),
        "front": runs("front"),
        "postgres": postgres.is_running(),
    }
    for name, running in ours.items():
        port = getattr(state.ports, name)
        if not running and is_open(port):
            raise PortTaken(f"port {port} ({name}) is used by another program")


def _ensure(name: str, start: Callable[[], Process]) -> None:
    """Start the process of that name unless it runs."""
    known = Process.known(name)
    if known and known.is_running():
        return
    if known:
        known.stop()  # ends workers that a killed emulator left behind
    start()


def _start_oidc(ports: Ports) -> Process:
    """Start the identity provider."""
    key = home() / "oidc.pem"
    words = ["--port", str(ports.oidc), "--origin", origin(ports), "--key", str(key)]
    return _start_module("oidc", words, f"http://{LOOPBACK}:{ports.oidc}/.well-known/openid-configuration")


def _start_front(ports: Ports, routes: Routes) -> Process:
    """Start the one origin in front of the APIs."""
    words = ["--port", str(ports.front), "--endpoint", aws_endpoint(ports.aws)]
    words += [word for name, api in routes._asdict().items() for word in (f"--{name}", api)]
    return _start_module("front", words, None, ports.front)


def _start_module(name: str, words: Sequence[str], url: str | None, port: int = 0) -> Process:
    """Start one of our own servers with this interpreter and a bare environment."""
    environment = {"PATH": os.defpath, "HOME": str(home()), "LANG": "C.UTF-8", "PYTHONWARNINGS": "ignore"}
    started = process.start(name, [sys.executable, "-m", f"infra.local.{name}", *words], environment, ROOT)
    process.wait_until_ready(started, lambda: _answers(url) if url else is_open(port))
    return started


def _deploy(state: State, wanted: Path, say: Say) -> State:
    """Bring the emulator to what the sources say, and the front to what was deployed."""
    ports = state.ports
    if not deployment.is_deployed(wanted, ports.aws):
        say("deploying")
        deployment.deploy(wanted, ports.aws)
        for done in differences.apply(wanted, ports.aws):
            say(f"  applied by API: {done}")
        seeds.seed(ports.aws, ports.postgres)
        deployment.note(wanted, ports.aws)
    found = deployment.outputs(wanted, ports.aws)
    routes = Routes(*(found[name] for name in ("PortalApiId", "AppsApiId", "ConnectorsApiId")))
    front = Process.known("front")
    if front and state.routes != routes:
        front.stop()
    _ensure("front", lambda: _start_front(ports, routes))
    return state.model_copy(update={"routes": tuple(routes)}).save()


def _context(ports: Ports) -> dict[str, str]:
    """What the CDK app must know about this installation."""
    return {
        "target": "local",
        "portal_url": origin(ports),
        "apps_url": origin(ports),
        "aws_endpoint": aws_endpoint(ports.aws),
        "oidc_issuer": f"http://{LOOPBACK}:{ports.oidc}",
        "oidc_client_id": CLIENT_ID,
        "mail_from": seeds.SENDER,
        "reviewer_email": "rob@example.com",
        "auditor_email": "ada@example.com",
        "help_contact": "pat@example.com",
        "sources_file": str(sources_file()),
        **chosen_context(),
    }


def _answers(url: str) -> bool:
    """Whether a GET succeeds."""
    try:
        return httpx.get(url, timeout=1).is_success
    except httpx.HTTPError:
        return False


def _remove(path: Path) -> None:
    """Remove a file or folder, when it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
