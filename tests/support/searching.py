"""The function that searches, in this process, over a ledger in a folder."""

import io
import json
from pathlib import Path

from appguard.audit.search.here import search_in
from appguard.audit.search.model import ASKED
from appguard.kernel.errors import AppGuardError


class SearchFunction:
    """Answers like `appguard-audit-search-answer`; `changes` stand in place of what it would say."""

    def __init__(self, folder: Path, **changes: object) -> None:
        self.search, self.changes, self.asked = search_in(folder), changes, []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, object]:  # noqa: N803 - boto3's names
        assert FunctionName == "appguard-audit-search-answer"
        asked = ASKED.validate_json(Payload)
        self.asked.append(asked)
        ask = {"hits": self.search.answer, "entry": self.search.show, "flow": self.search.flow}[asked.kind]
        try:
            said = ask(asked).model_dump(mode="json")
            said |= {name: value for name, value in self.changes.items() if name in said}
        except AppGuardError as error:
            said = error.as_dict()
        return {"Payload": io.BytesIO(json.dumps(said).encode())}
