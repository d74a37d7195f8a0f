"""Every setting with its name, default and meaning; the environment, TOML and arguments all fill these same models."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from landpuls.settings.places import default_home

Port = Annotated[int, Field(ge=1, le=65_535)]
Seconds = Annotated[float, Field(gt=0)]
Percent = Annotated[float, Field(ge=0, le=100)]
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
NO_SECRET = SecretStr("")
LEAST_DAYS = 45
SECONDS_PER_DAY = 86_400


def kept_days(days: int) -> int:
    """Refuse to keep anything shorter than late readings take; 0 stands for ever."""
    if days != 0 and days < LEAST_DAYS:
        raise ValueError(f"keep it {LEAST_DAYS} days at least, or 0 for ever")
    return days


KeptDays = Annotated[int, AfterValidator(kept_days)]


class Section(BaseModel):
    """A group of settings; a key that does not exist is an error, never silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(Section):
    """Where readings and plans live."""

    url: SecretStr = Field(
        NO_SECRET,
        description="PostgreSQL URL; empty: the embedded PostgreSQL under `home`.",
    )
    password: SecretStr = Field(
        NO_SECRET, description="Password of the user in `database.url`, if it is not in there."
    )
    ingest_password: SecretStr = Field(
        NO_SECRET, description="With it, `landpuls migrate` lets the role `landpuls_ingest` log in."
    )
    worker_password: SecretStr = Field(
        NO_SECRET, description="With it, `landpuls migrate` lets the role `landpuls_worker` log in."
    )
    api_password: SecretStr = Field(
        NO_SECRET, description="With it, `landpuls migrate` lets the role `landpuls_api` log in."
    )


class MqttSettings(Section):
    """The broker, and how `landpuls ingest` reads from it."""

    host: str = Field("127.0.0.1", min_length=1, description="Name or address of the MQTT broker.")
    port: Port = Field(1883, description="Port of the broker; 8883 is usual with TLS.")
    tls: bool = Field(False, description="Whether to speak TLS.")
    ca_file: Path | None = Field(None, description="Certificates to trust; none: those of the system.")
    certificate_file: Path | None = Field(
        None, description="Certificate that we show the broker, if it asks for one."
    )
    key_file: Path | None = Field(None, description="Key of `mqtt.certificate_file`.")
    username: str = Field("", description="User name at the broker; empty: none.")
    password: SecretStr = Field(NO_SECRET, description="Password at the broker.")
    client_id: str = Field(
        "landpuls-ingest", min_length=1, description="Stable client id; each ingest worker needs its own."
    )
    session_expiry_s: int = Field(
        604_800, ge=3_600, description="How long the broker keeps messages for us while we are away."
    )
    topics: tuple[str, ...] = Field(
        ("v3/+/devices/+/#", "application/+/device/+/event/#", "landpuls/v1/#"),
        min_length=1,
        description="Topic filters to subscribe to.",
    )
    batch_size: int = Field(5_000, ge=1, le=65_535, description="Messages in a transaction at most.")
    batch_ms: int = Field(200, ge=1, description="How long a batch waits to fill, in milliseconds.")
    receive_maximum: int = Field(
        10_000,
        ge=1,
        le=65_535,
        description="Unacknowledged messages that the broker may have under way to us.",
    )
    keepalive_s: int = Field(30, ge=5, description="Interval of the keep-alive.")


class ApiSettings(Section):
    """The HTTP service and the page."""

    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: Port = Field(8_000, description="Port to listen on.")
    base_map_url: str = Field(
        "", description="Base map that the page may load; empty: the page asks no other host for anything."
    )
    pool_min: int = Field(1, ge=0, description="Database connections that are kept open.")
    pool_max: int = Field(8, ge=1, description="Database connections at most.")
    statement_timeout_s: Seconds = Field(30.0, description="How long a query may run.")

    @model_validator(mode="after")
    def _pool_sizes_agree(self) -> "ApiSettings":
        if self.pool_min > self.pool_max:
            raise ValueError(f"pool_min is {self.pool_min}, more than pool_max, {self.pool_max}")
        return self


class WorkerSettings(Section):
    """The worker that rolls up readings and runs jobs."""

    jobs: int = Field(
        1, ge=1, le=64, description="Jobs that one worker runs at once; a plan keeps one core busy."
    )
    poll_s: Seconds = Field(
        2.0, le=3_600, description="How often it looks for new readings when nobody wakes it."
    )


class RetentionSettings(Section):
    """How long the worker keeps what was received; what goes stays in the ledger as sums."""

    messages_days: KeptDays = Field(
        365,
        description="Days that messages and their payloads are kept, 45 at least; 0: for ever. "
        "Those still in quarantine go too.",
    )
    readings_days: KeptDays = Field(
        0, description="Days that readings are kept, 45 at least; 0: for ever. Rollups stay in any case."
    )
    passages_days: KeptDays = Field(
        400,
        description="Days that single vehicles are kept, 45 at least; 0: for ever. Their counts are readings.",
    )
    message_keys_days: int = Field(
        30,
        ge=1,
        description="Days after which a repeated message is no longer recognised; "
        "not less than `mqtt.session_expiry_s`.",
    )


class SimulateSettings(Section):
    """The simulated fleet."""

    seed: int = Field(
        1, ge=0, description="Seed of everything random; the same seed gives the same payloads."
    )
    report_every_s: Seconds = Field(
        60.0, le=86_400, description="How often containers and meters report, in real time."
    )
    driver_stop_s: float = Field(
        15.0, ge=0, le=86_400, description="How long the simulated driver stays at a stop."
    )
    api_url: str = Field(
        "", description="API that the simulated driver reads tours from; empty: a fixed schedule."
    )
    api_key: SecretStr = Field(NO_SECRET, description="API key of the simulated driver.")


class PlanningSettings(Section):
    """How a day's tours are planned unless the request says otherwise."""

    seconds: Seconds = Field(10.0, description="How long `landpuls plan` searches.")


class LogSettings(Section):
    """What the services write to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level to write.")
    format: Literal["auto", "console", "json"] = Field(
        "auto",
        description="`json` is one object a line; `auto` writes `console` on a terminal, `json` elsewhere.",
    )


class Settings(BaseSettings):
    """All of the settings, checked."""

    model_config = SettingsConfigDict(
        env_prefix="LANDPULS_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    home: Folder = Field(
        default_factory=default_home,
        description="Folder of the embedded database, caches and generated keys.",
    )
    profiles_folder: Folder | None = Field(
        None, description="Folder with device profiles of your own, beside the bundled ones."
    )
    database: DatabaseSettings = DatabaseSettings()
    mqtt: MqttSettings = MqttSettings()
    api: ApiSettings = ApiSettings()
    worker: WorkerSettings = WorkerSettings()
    retention: RetentionSettings = RetentionSettings()
    simulate: SimulateSettings = SimulateSettings()
    planning: PlanningSettings = PlanningSettings()
    log: LogSettings = LogSettings()

    @model_validator(mode="after")
    def _keys_outlive_sessions(self) -> "Settings":
        days, expiry_s = self.retention.message_keys_days, self.mqtt.session_expiry_s
        if days * SECONDS_PER_DAY < expiry_s:
            raise ValueError(
                f"retention.message_keys_days is {days}, shorter than mqtt.session_expiry_s, {expiry_s}; "
                "what the broker delivers again would be stored twice"
            )
        return self
