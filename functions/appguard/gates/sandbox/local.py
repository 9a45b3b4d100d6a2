"""The sandbox on a laptop and in CI: an isolated interpreter behind the walls this kernel offers."""

from collections.abc import Mapping

from pydantic import ValidationError

from appguard.gates.model import GateFailed
from appguard.gates.sandbox.model import Packages, Question, SandboxReport, request
from appguard.kernel.errors import Unavailable


class LocalSandbox:
    """A child of this process, gone with everything it made when `run` returns."""

    def run(
        self, files: Mapping[str, bytes], questions: tuple[Question, ...], packages: Packages | None = None
    ) -> SandboxReport:
        """Run it here."""
        from appguard.runtime.trial.start import report_on  # noqa: PLC0415 - few gates need it

        try:
            return SandboxReport.model_validate(report_on(request(files, questions, packages)))
        except Unavailable as error:
            raise GateFailed(error.message) from None
        except ValidationError:
            raise GateFailed("the sandbox's report cannot be read") from None
