"""What Step Functions says when a run ends: the net under runs that died before recording their end."""

import logging

from pydantic import BaseModel, ConfigDict

from appguard.kernel.errors import NotFound
from appguard.reviews.errors import StaleRun
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Failure, Steps

logger = logging.getLogger(__name__)


class RunEnded(BaseModel):
    """The detail of an execution's status change."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: str
    input: str | None = None
    error: str | None = None

    def record(self, steps: Steps) -> None:
        """Mark the review as failed, unless it came to an end of its own or runs again."""
        if self.status not in ("FAILED", "TIMED_OUT", "ABORTED") or not self.input:
            return
        step = StepInput.model_validate_json(self.input)
        try:
            steps.fail(step, Failure(step="Run", error=self.error or self.status))
        except (NotFound, StaleRun):
            logger.info("the run is nobody's any more", extra={"execution": step.execution})
