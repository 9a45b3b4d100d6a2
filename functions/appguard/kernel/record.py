"""The base of every record a context keeps."""

import hashlib

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Base of what is stored: unchangeable, and nothing it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def fingerprint(self) -> str:
        """SHA-256 over all it says: equal records have equal ones."""
        return "sha256:" + hashlib.sha256(self.model_dump_json().encode()).hexdigest()
