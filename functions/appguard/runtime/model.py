"""The running app's own description: what provisioning compiles a manifest into (`app/app.json`)."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from appguard.kernel.errors import NotFound
from appguard.kernel.ids import AppId, BundleDigest
from appguard.runtime.logic.asking import Read
from appguard.runtime.pages import Label, Page, functions


class MicroApp(BaseModel):
    """A micro app as its function sees it. Unknown keys are ignored: a newer platform may say more."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    app_id: AppId
    name: Label
    description: str = Field(default="", max_length=500)
    owner: str = Field(default="", max_length=256, description="Whom to ask, shown at the foot of each page.")
    bundle_digest: BundleDigest | None = None
    pages: tuple[Page, ...] = Field(min_length=1, max_length=50)
    reads: tuple[Read, ...] = Field(default=(), max_length=500, description="What code of the app may ask.")

    @property
    def has_hooks(self) -> bool:
        """Whether any page calls code of the app's own."""
        return any(functions(page) for page in self.pages)

    @model_validator(mode="after")
    def _page_ids_differ(self) -> Self:
        ids = [page.id for page in self.pages]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"page ids must differ; used twice: {', '.join(twice)}")
        return self

    def page(self, page_id: str) -> Page:
        """The page of that id; raises `NotFound`."""
        for page in self.pages:
            if page.id == page_id:
                return page
        raise NotFound("This app has no such page.", "Go back to the start of the app.")
