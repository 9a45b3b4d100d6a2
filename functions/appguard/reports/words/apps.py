"""Inventory and risk, releases, decisions."""

from collections import Counter

from appguard.reports.document import Bar, Chart, Row, Section, Table, Tone
from appguard.reports.figures.inventory import RUNNING
from appguard.reports.model import AppLine, DecisionLine, Figures, ReleaseLine
from appguard.reports.words.dates import NOTHING, day, moment

TIERS = ("high", "medium", "low")


def inventory(figures: Figures) -> Section:
    """Which apps there are, how risky, in whose hands."""
    running = [app for app in figures.apps if app.state in RUNNING]
    return Section(
        title="Inventory and risk",
        prose=(
            f"At the end of the period the ledger knows {len(figures.apps):,} apps, {len(running):,} of"
            " them running. Owners are named by their id at the identity provider.",
        ),
        charts=(_by_risk(running),),
        tables=(
            Table(
                name="inventory",
                title="Apps at the end of the period",
                heads=(
                    "App",
                    "Owner",
                    "Team",
                    "State",
                    "Risk",
                    "Data",
                    "Retires",
                    "Last used",
                    "Faults",
                ),
                rows=tuple(_app(app, figures) for app in figures.apps),
            ),
        ),
    )


def _app(app: AppLine, figures: Figures) -> Row:
    overdue = app.state in RUNNING and (app.retire_on is None or app.retire_on < figures.period.until.date())
    classes = "not recorded" if app.classes is None else ", ".join(app.classes) or "none"
    return Row(
        cells=(
            app.app_id,
            app.owner,
            app.team,
            app.state,
            app.tier or NOTHING,
            classes if app.tier else NOTHING,
            day(app.retire_on) + (" (overdue)" if overdue else ""),
            day(app.last_used),
            app.faults,
        ),
        tone=Tone.BAD if overdue else Tone.PLAIN,
    )


def _by_risk(running: list[AppLine]) -> Chart:
    tiers = Counter(app.tier or "unknown" for app in running)
    told = ", ".join(f"{tiers[tier]} {tier}" for tier in TIERS)
    return Chart(
        title="Running apps by risk",
        description=f"Of {len(running):,} running apps by risk tier: {told}.",
        bars=tuple(Bar(label=tier, parts=((Tone.PLAIN, tier, tiers[tier]),)) for tier in TIERS),
    )


def releases(figures: Figures) -> Section:
    """What went live, who let it, who asked."""
    judged = ", ".join(
        f"{count:,} {decision.replace('_', ' ')}" for decision, count in figures.judged.items()
    )
    return Section(
        title="Releases, approvals and separation of duties",
        prose=(
            f"Gates judged {sum(figures.judged.values()):,} versions{f': {judged}' if judged else ''}."
            " A release above low risk needs the approval of this very bundle by somebody who had not"
            " asked for it, or of one it does not go beyond.",
        ),
        tables=(
            Table(
                name="releases",
                title="Versions that went live",
                heads=(
                    "When",
                    "App",
                    "Risk",
                    "Approved by",
                    "In order",
                    "Gates",
                    "Attested",
                    "Bundle",
                    "Entry",
                ),
                rows=tuple(_release(one) for one in figures.releases),
            ),
            Table(
                name="decisions",
                title="Decisions of people",
                heads=("When", "App", "Decision", "By", "Asked for by", "Separate", "Entry"),
                rows=tuple(_decision(one) for one in figures.decisions),
            ),
            Table(
                name="policies",
                title="Policies that came into force",
                heads=("When", "Policies", "Proposed by", "Published by", "Separate", "Entry"),
                rows=tuple(
                    Row(
                        cells=(
                            moment(one.at),
                            one.digest[:19],
                            one.proposed_by or NOTHING,
                            one.published_by,
                            _yes(one.proposed_by not in {"", one.published_by}),
                            one.event_id,
                        ),
                        tone=Tone.BAD if one.proposed_by in {"", one.published_by} else Tone.PLAIN,
                    )
                    for one in figures.policies
                ),
            ),
        ),
    )


def _release(one: ReleaseLine) -> Row:
    approved = ", ".join(one.approvers) or (f"rests on {one.rests_on}" if one.rests_on else NOTHING)
    in_order = one.approved and one.checked and one.attested
    return Row(
        cells=(
            moment(one.at),
            one.app_id,
            one.tier,
            approved,
            _yes(one.approved),
            _yes(one.checked),
            _yes(one.attested),
            one.bundle_digest[:19],
            one.event_id,
        ),
        tone=Tone.PLAIN if in_order else Tone.BAD,
    )


def _decision(one: DecisionLine) -> Row:
    return Row(
        cells=(
            moment(one.at),
            one.app_id,
            one.verdict,
            one.approver,
            ", ".join(one.requesters) or NOTHING,
            _yes(one.separated),
            one.event_id,
        ),
        tone=Tone.PLAIN if one.separated else Tone.BAD,
    )


def _yes(holds: bool) -> str:
    return "yes" if holds else "NO"
