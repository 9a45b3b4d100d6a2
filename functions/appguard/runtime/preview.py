"""Entry point of the sandbox: the same pages over synthetic rows, with nothing sent and nothing saved."""

from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person

SOMEBODY = Person(id=PersonId("sample-person"), email="sample.person@example.com", name="Sample Person")
TODAY = "2026-01-15"
