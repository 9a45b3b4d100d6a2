"""What is kept of a retired app: bundle, SBOM, gate results, attestation, and where the ledger proves it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appguard.apps.bundle import Bundle
from appguard.apps.catalog import Catalog
from appguard.apps.model import App
from appguard.gates.model import GateResult
from appguard.kernel.clock import Clock
from appguard.kernel.ids import BundleDigest, EventId, ReviewId
from appguard.operations.store import ArchiveStore
from appguard.reviews.model import Review
from appguard.reviews.reviews import Reviews, event_of

FACTS = ("submitted", "checked", "approved", "attested", "published")


@dataclass(frozen=True)
class Archive:
    """Writes the records of an app; writing them again writes the same."""

    store: ArchiveStore
    apps: Catalog
    of: Reviews
    results: Callable[[ReviewId], Sequence[GateResult]]
    sbom: Callable[[Bundle, Clock], dict[str, Any]]
    attested: Callable[[Review], Mapping[str, bytes]]

    def keep(self, app: App) -> str:
        """Archive the published version of `app`; returns where."""
        if app.publication is None:
            return ""
        digest, published_at = app.publication.bundle_digest, app.publication.published_at
        bundle = self.apps.bundle(digest)
        reviews = [review for review in self.of.of_app(app.app_id) if review.bundle_digest == digest]
        gates = [
            result.model_dump(mode="json") for review in reviews for result in self.results(review.review_id)
        ]
        folder = f"{app.app_id}/{digest.hex}"
        self.store.put(f"{folder}/bundle.zip", bundle.to_zip())
        self.store.put(f"{folder}/sbom.spdx.json", _json(self.sbom(bundle, lambda: published_at)))
        self.store.put(f"{folder}/gates.json", _json(gates))
        self.store.put(f"{folder}/publication.json", _json(app.publication.model_dump(mode="json")))
        self.store.put(f"{folder}/ledger.json", _json(ledger_pointer(app, digest, reviews)))
        for review in reviews:
            for name, body in self.attested(review).items():
                self.store.put(f"{folder}/{name}", body)
        return folder


def ledger_pointer(app: App, digest: BundleDigest, reviews: Sequence[Review]) -> dict[str, Any]:
    """The events that tell the app's life; `appguard audit prove <id>` gives the proof of each."""
    runs = [f"{review.execution}" for review in reviews]
    return {
        "app_id": str(app.app_id),
        "bundle_digest": str(digest),
        "events": {
            **{f"review.{fact}": [str(event_of(run, fact)) for run in runs] for fact in FACTS},
            "app.retired": [str(EventId.of("app.retired", app.app_id))],
        },
        "proof": "appguard audit prove EVENT_ID",
    }


def _json(content: Any) -> bytes:
    return json.dumps(content, indent=1, sort_keys=True).encode()
