"""What every table of the configuration is."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A table of the configuration: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
