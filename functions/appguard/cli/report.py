"""`appguard report`: make a report from an exported ledger, fetch one that was made, verify either."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from appguard.cli.ledger_access import Access, failed, told
from appguard.reports.catalogue import FrameworkName

UNVERIFIED, IMPOSSIBLE = 1, 3
DAY = "%Y-%m-%d"

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
New = Annotated[Path, typer.Option("--output", metavar="DIR", help="A new or empty folder.")]


@app.callback()
def report() -> None:
    """Make, fetch and verify compliance reports."""


@app.command()
def make(
    framework: Annotated[FrameworkName, typer.Option(help="Which framework's controls.")],
    as_of: Annotated[datetime, typer.Option(formats=[DAY], help="The last day of the period.")],
    source: Annotated[Path, typer.Option("--from", metavar="LEDGER", help="A folder `audit export` wrote.")],
    output: New,
    since: Annotated[
        datetime | None, typer.Option(formats=[DAY], help="The first day; else that of the month.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The ledger's public key; else the export's own.")] = None,
) -> None:
    """Recompute the report of any past date from an exported ledger, offline."""
    from appguard.audit.verify import KEY_FILE, load_keys  # noqa: PLC0415 - `verify` needs none of this
    from appguard.kernel.clock import utc_now  # noqa: PLC0415 - likewise
    from appguard.kernel.event import Actor  # noqa: PLC0415 - likewise
    from appguard.reports.catalogue import catalogue  # noqa: PLC0415 - likewise
    from appguard.reports.compose import compose  # noqa: PLC0415 - likewise
    from appguard.reports.model import Period  # noqa: PLC0415 - likewise
    from appguard.reports.order import Order, month_to  # noqa: PLC0415 - likewise

    _empty(output)
    with told():
        period, now = month_to(as_of.replace(tzinfo=UTC)), utc_now()
        if since:
            period = Period(since=since.replace(tzinfo=UTC), until=period.until)
        keys = load_keys(_bytes(key or source / KEY_FILE))
        order = Order.asked(framework, period, Actor.system("appguard report make"), now)
        [made] = compose(source, keys, [order], catalogue(), now)
    _write(output, made.files)
    counts = ", ".join(f"{count} {state}" for state, count in made.report.counts.items())
    typer.echo(f"{made.report.title} to {as_of:%Y-%m-%d}: {counts}")
    if bad := made.report.figures.ledger.bad:
        raise failed(f"BAD {bad}", UNVERIFIED)


@app.command()
def fetch(
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help="The report's id, as in the portal.")],
    output: New,
) -> None:
    """Copy a report out of a deployment, with the public key of its manifest."""
    from appguard.kernel.pem import public_key_pem  # noqa: PLC0415 - `verify` needs none of this
    from appguard.provenance.signing import BuilderKey  # noqa: PLC0415 - likewise
    from appguard.reports.fetch import fetch as files_of  # noqa: PLC0415 - likewise
    from appguard.reports.manifest import KEY  # noqa: PLC0415 - likewise

    _empty(output)
    with told():
        access = Access()
        files = files_of(access.client("s3"), access.name("LEDGER_BUCKET", "LedgerBucket"), report_id)
        signing = BuilderKey(access.client("kms"), access.name("REPORT_KEY_ID", "ReportKeyArn"))
    _write(output, {**files, KEY: public_key_pem(signing.spki)})
    typer.echo(f"wrote {len(files)} files to {output}")


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The report's folder.")],
    key: Annotated[Path, typer.Option(help="The public key of reports: DER, or PEM with one or several.")],
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="LEDGER", help="An export to compute the figures from anew."),
    ] = None,
    ledger_key: Annotated[
        Path | None, typer.Option(help="The ledger's public key; else the export's own.")
    ] = None,
) -> None:
    """Verify offline that every file of a report is as signed, and that its figures are the ledger's."""
    from appguard.provenance.dsse import Unreadable  # noqa: PLC0415 - the other commands need none of this
    from appguard.provenance.key_file import load_keys  # noqa: PLC0415 - likewise
    from appguard.reports.manifest import ReportUnverified  # noqa: PLC0415 - likewise
    from appguard.reports.manifest import verify as verified  # noqa: PLC0415 - likewise

    try:
        keys = load_keys(_bytes(key))
    except Unreadable as error:
        raise failed(f"cannot read {key}: {error}") from error
    try:
        found = verified(folder, keys)
    except ReportUnverified as bad:
        raise failed(f"BAD {bad.message}", UNVERIFIED) from bad
    about = found.predicate
    typer.echo(f"ok {about.report_id}: {len(found.subject)} files, {about.entries} entries of the ledger")
    if source:
        _recomputed(folder, source, ledger_key)


def _recomputed(folder: Path, source: Path, ledger_key: Path | None) -> None:
    """The signed figures must be those the export gives; what reached the ledger late shows here, too."""
    from appguard.audit.verify import KEY_FILE, load_keys  # noqa: PLC0415 - only when asked to compute
    from appguard.reports.recompute import differing  # noqa: PLC0415 - likewise
    from appguard.reports.report import Report  # noqa: PLC0415 - likewise

    with told():
        keys = load_keys(_bytes(ledger_key or source / KEY_FILE))
        report = Report.model_validate_json(_bytes(folder / "report.json"))
        differ = differing(report.figures, source, keys)
    if differ:
        raise failed(f"BAD report.json: the ledger says otherwise of {', '.join(differ)}", UNVERIFIED)
    typer.echo("ok the ledger gives the same figures")


def _empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise failed(f"{folder} is not an empty folder")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise failed(f"cannot read {path}: {error.strerror}") from error


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
