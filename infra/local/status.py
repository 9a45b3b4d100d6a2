"""Where the platform is and which parts of it run. Light to import: programs ask often."""

from pydantic import BaseModel

from infra.local import postgres
from infra.local.ports import LOOPBACK, is_open
from infra.local.process import Process
from infra.local.routes import Routes
from infra.local.state import Ports, State


class Endpoints(BaseModel, frozen=True):
    """Where the parts of a running platform are."""

    portal: str
    api: str
    connectors: str
    aws_endpoint: str
    oidc_issuer: str
    postgres: str


class Status(BaseModel, frozen=True):
    """Which parts run; endpoints only when all do."""

    running: bool
    services: dict[str, bool]
    endpoints: Endpoints | None = None


def status() -> Status:
    """What runs now, asked of the processes and their ports."""
    state = State.load()
    if state is None:
        return Status(running=False, services=dict.fromkeys(("emulator", "oidc", "postgres", "front"), False))
    services = {
        "emulator": lives("emulator", state.ports.aws),
        "oidc": lives("oidc", state.ports.oidc),
        "postgres": postgres.is_running() and is_open(state.ports.postgres),
        "front": lives("front", state.ports.front),
    }
    running = all(services.values()) and state.routes is not None
    return Status(running=running, services=services, endpoints=endpoints_of(state) if running else None)


def endpoints_of(state: State) -> Endpoints:
    """The addresses of this installation."""
    ports, base = state.ports, origin(state.ports)
    routes = Routes(*(state.routes or ("", "", "")))
    return Endpoints(
        portal=base,
        api=f"{base}/api",
        connectors=f"{base}{routes.broker_path}",
        aws_endpoint=aws_endpoint(ports.aws),
        oidc_issuer=f"http://{LOOPBACK}:{ports.oidc}",
        postgres=f"postgresql://{LOOPBACK}:{ports.postgres}/{postgres.DATABASE}",
    )


def origin(ports: Ports) -> str:
    """The one origin people see."""
    return f"http://{LOOPBACK}:{ports.front}"


def aws_endpoint(port: int) -> str:
    """The emulator's address."""
    return f"http://{LOOPBACK}:{port}"


def runs(name: str) -> bool:
    """Whether our process of that name lives."""
    known = Process.known(name)
    return known is not None and known.is_running()


def lives(name: str, port: int) -> bool:
    """Whether it lives and listens."""
    return runs(name) and is_open(port)
