"""Run gates over a bundle. A gate that crashes or takes too long is a finding that blocks, never a pass."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from importlib import import_module
from threading import Thread
from time import monotonic

from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import BundleError
from appguard.apps.model import Risk
from appguard.apps.risk import UNREADABLE, assess
from appguard.apps.yaml_source import ManifestError
from appguard.gates.decision import decide
from appguard.gates.limits import SECONDS, WAITING
from appguard.gates.model import GateContext, GateResult, Report
from appguard.gates.sandbox.together import together
from appguard.gates.sbom import sbom
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError
from appguard.kernel.finding import Finding, Severity
from appguard.policy.files import digest as policy_digest

Gate = Callable[[Bundle, GateContext], list[Finding]]
Tell = Callable[[str, float], None]
"""Told the name of each gate that has ended, and how many seconds it took; called from any thread."""


def _nobody(_gate: str, _seconds: float) -> None:
    """Nobody watches."""


def run(
    bundle: Bundle,
    context: GateContext,
    *,
    clock: Clock = utc_now,
    gates: Mapping[str, Gate] | None = None,
    seconds: Mapping[str, float] = SECONDS,
    tell: Tell = _nobody,
) -> Report:
    """All gates at the same time, with one start of the sandbox, and the decision that follows."""
    results = results_of(
        bundle, together(bundle, context), clock=clock, gates=gates, seconds=seconds, tell=tell
    )
    findings = tuple(finding for result in results for finding in result.findings)
    risk = _risk(bundle, context)
    return Report(
        decision=decide(findings, risk.tier),
        risk=risk,
        findings=findings,
        bundle_digest=bundle.digest,
        policy_digest=policy_digest(context.policies),
        sbom=sbom(bundle, clock),
    )


def results_of(
    bundle: Bundle,
    context: GateContext,
    *,
    clock: Clock = utc_now,
    gates: Mapping[str, Gate] | None = None,
    seconds: Mapping[str, float] = SECONDS,
    tell: Tell = _nobody,
) -> list[GateResult]:
    """The evidence of each gate, in the order of `seconds`."""
    started = monotonic()
    first = sorted(seconds, key=lambda name: name not in WAITING)
    running = {name: _start(name, bundle, context, gates, tell) for name in first}
    rules = policy_digest(context.policies)
    return [
        GateResult(
            gate=name,
            bundle_digest=bundle.digest,
            policy_digest=rules,
            findings=tuple(_within(name, running[name], started + seconds[name])),
            finished_at=clock(),
            duration_ms=round((monotonic() - started) * 1000),
        )
        for name in seconds
    ]


def run_one(name: str, bundle: Bundle, context: GateContext, clock: Clock = utc_now) -> GateResult:
    """One gate alone, as the review state machine runs it."""
    return results_of(bundle, context, clock=clock, seconds={name: SECONDS[name]})[0]


def refused(error: BundleError, context: GateContext) -> Report:
    """The report on files that cannot be a bundle: no gate looked at them, so they do not pass."""
    finding = Finding(
        gate="bundle",
        rule="bundle-invalid",
        severity=Severity.BLOCK,
        message=f"These files cannot be a micro app: {error.message}.",
        remediation=error.advice,
        controls=("ISO27001-A.8.7",),
    )
    return Report(
        decision=decide([finding], UNREADABLE.tier),
        risk=UNREADABLE,
        findings=(finding,),
        bundle_digest=None,
        policy_digest=policy_digest(context.policies),
        sbom={},
    )


def failed(gate: str, why: str) -> Finding:
    """The finding of a gate that could not do its work."""
    return Finding(
        gate=gate,
        rule="gate-failed",
        severity=Severity.BLOCK,
        message=f"The {gate} gate could not finish: {why}.",
        remediation="Send it again; if it stays, tell the platform team. What no gate saw cannot pass.",
    )


def _start(
    name: str, bundle: Bundle, context: GateContext, gates: Mapping[str, Gate] | None, tell: Tell
) -> "Future[list[Finding]]":
    """Begin a gate in a daemon thread: one that never ends must not keep the process from ending."""
    future: Future[list[Finding]] = Future()
    started = monotonic()

    def work() -> None:
        try:
            future.set_result(_gate(name, gates)(bundle, context))
        except BaseException as error:
            future.set_exception(error)
        tell(name, monotonic() - started)

    Thread(target=work, name=f"gate-{name}", daemon=True).start()
    return future


def _gate(name: str, gates: Mapping[str, Gate] | None) -> Gate:
    """Gates are imported on first use: each Lambda holds the dependencies of its own gate only."""
    gate: Gate = gates[name] if gates else import_module(f"appguard.gates.{name}").check
    return gate


def _within(name: str, future: "Future[list[Finding]]", deadline: float) -> list[Finding]:
    try:
        return future.result(timeout=max(0.0, deadline - monotonic()))
    except TimeoutError:
        return [failed(name, "it took too long")]
    except AppGuardError as error:
        return [failed(name, error.message)]
    except Exception as error:
        return [failed(name, f"it stopped with {type(error).__name__}")]


def _risk(bundle: Bundle, context: GateContext) -> Risk:
    try:
        return assess(bundle.manifest(), context.connectors, bundle.files.keys())
    except ManifestError:
        return UNREADABLE
