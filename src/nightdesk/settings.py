"""The operator's settings, from the environment (`NIGHTDESK_…`) and a `.env` file."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from nightdesk.kit.endings import NeedsPerson


class Settings(BaseSettings):
    """Every setting has a default with which one machine works without any account."""

    model_config = SettingsConfigDict(env_prefix="NIGHTDESK_", env_file=".env", extra="ignore")

    data_dir: Path = Path("data")
    database_url: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(8400, ge=0, le=65535)
    secret_key: SecretStr | None = None
    vault_url: str | None = None
    vault_token: SecretStr | None = None
    vault_key: str = "nightdesk"
    storage_url: str | None = None
    disk_reserve_mb: int = Field(512, ge=0)

    text: str = "offline"
    text_base_url: str | None = None
    text_api_key: SecretStr | None = None
    text_fallback: str | None = None
    embeddings: str = "lexical"
    embeddings_base_url: str | None = None
    embeddings_api_key: SecretStr | None = None
    images: str = "cards"
    images_base_url: str | None = None
    images_api_key: SecretStr | None = None
    speech: str = "espeak"
    speech_base_url: str | None = None
    speech_api_key: SecretStr | None = None
    whisper: Path | None = None
    """A CTranslate2 Whisper model's folder: it finds the words of voices that tell no times."""

    clips: str = "motion"
    clips_base_url: str | None = None
    clips_api_key: SecretStr | None = None
    renderer: str = "ffmpeg"
    remotion_project: Path | None = None
    remotion_node: Path | None = None
    remotion_chromium: Path | None = None
    """For the renderer `remotion`: its project's folder, and programs not found by their usual names."""

    timestamps: str = Field("", pattern=r"^(https?://[^\s?#@]+)?$")
    """The address of a time-stamping authority (RFC 3161) that is asked for each signature (C2PA)."""

    script_seconds: float = Field(120.0, gt=0)
    speech_seconds: float = Field(300.0, gt=0)
    clip_seconds: float = Field(600.0, gt=0)
    render_seconds: float = Field(900.0, gt=0)
    """What one call may take: a question about a script, a text read aloud, a clip, a render."""

    render_threads: int = Field(1, ge=1, le=64)
    """Threads that encode; with one, the same video has the same bytes each time (ADR 34)."""

    allow_addresses: str = ""
    """`host:port`, parted by commas: what feeds, pages and notices may reach although it is not public."""

    browser: Path | None = None
    """The program (Chromium) that draws pages whose text scripts write; none: such pages are refused."""

    tool_servers: list[dict[str, Any]] = Field(default_factory=list)
    """Servers of tools that tell trends, as JSON; see docs/topics.md."""

    tool_programs: list[dict[str, Any]] = Field(default_factory=list)
    """Programs that accounts may start to publish by, as JSON; see docs/publishing.md. None unless named."""

    provider_timeout: float = Field(120.0, gt=0)
    provider_concurrency: int = Field(16, ge=1, le=256)

    lease: float = Field(8.0, ge=1, le=60)
    """Seconds without a sign of life after which a worker's batches are taken up by another."""

    database_patience: float = Field(35.0, gt=0)
    """Seconds without an answer after which a connection to the database is given up."""

    worker_at_once: int = Field(64, ge=2, le=512)
    workspace_storage_mb: int = Field(20_480, ge=0)
    site_documents: int = Field(20_000, ge=0)
    """What one workspace may keep in files and documents, and one site in documents. 0: any amount."""

    requests_a_minute: int = Field(1200, ge=0)
    """Of one key, person or address; a quarter of them may come at once. 0: any number."""

    public_url: str = Field("", pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$")
    """Where people reach the pages from elsewhere: notices link there."""

    log_format: str = Field("text", pattern="^(text|json)$")

    @field_validator("allow_addresses")
    @classmethod
    def _readable(cls, spelled: str) -> str:
        _endpoints(spelled)
        return spelled

    @property
    def allowed_addresses(self) -> list[tuple[str, int]]:
        """The hosts and ports of `allow_addresses`."""
        return _endpoints(self.allow_addresses)

    @property
    def storage(self) -> str:
        """Where media files lie: a folder, or `s3://bucket/prefix`."""
        return self.storage_url or str(self.data_dir.expanduser().resolve() / "media")


def _endpoints(spelled: str) -> list[tuple[str, int]]:
    """Raises `ValueError` where one is not `host:port` (`[::1]:8080` for an IPv6 address)."""
    found = []
    for one in filter(None, (part.strip() for part in spelled.split(","))):
        host, _, port = one.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f"`{one}` is not `host:port`, like `feeds.local:8080`.")
        found.append((host.strip("[]"), int(port)))
    return found


_Shape = TypeVar("_Shape", bound=BaseModel)


def described(shape: type[_Shape], given: list[dict[str, Any]], setting: str) -> list[_Shape]:
    """What a setting lists. Raises `NeedsPerson` where something is described so that it cannot be used."""
    try:
        return [shape.model_validate(one) for one in given]
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
        where = ".".join(map(str, fault["loc"])) or "an entry"
        raise NeedsPerson(f"{setting}: {where}: {fault['msg']}.") from None
