"""What the surroundings tell the code: read once from the environment, refused if it is wrong."""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

Stage = Literal["sandbox", "dev", "prod"]
STAGES = ("sandbox", "dev", "prod")


class WrongSettingsError(RuntimeError):
    """The environment asks for something that this stage must not do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The surroundings of one process."""

    stage: Stage
    tables: str
    region: str
    bells: Mapping[str, Mapping[str, frozenset[str]]]
    event_tables: tuple[str, ...]
    webhook_queue: str
    courier_queue: str
    parameters: str
    user_pool_client: str
    user_pool_issuer: str
    user_pool_keys: str
    issuer: str
    stripe_url: str
    sns_url: str
    egress_allow: frozenset[str]
    clock_rate: float
    clock_origin: float
    cors_origins: frozenset[str]
    bucket: str
    images_url: str
    mail_from: str
    sms_prefixes: frozenset[str]

    def queues(self, kind: str, event_type: str) -> list[str]:
        """The queues that hear such events: BELLS says kind -> queue -> types, none meaning all."""
        heard = self.bells.get(kind, {})
        return [queue for queue, types in heard.items() if not types or event_type in types]

    @property
    def user_pool(self) -> str:
        """The id of the user pool, with which its issuer ends."""
        return self.user_pool_issuer.rpartition("/")[2]

    def table(self, name: str) -> str:
        return f"{self.tables}-{name}"


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(",") if word.strip())


def _number(name: str, text: str) -> float:
    try:
        found = float(text)
    except ValueError as error:
        raise WrongSettingsError(f"{name} must be a number") from error
    if not math.isfinite(found):
        raise WrongSettingsError(f"{name} must be a finite number")
    return found


def _bells(text: str) -> dict[str, dict[str, frozenset[str]]]:
    try:
        return {
            kind: {queue: frozenset(types) for queue, types in queues.items()}
            for kind, queues in json.loads(text).items()
        }
    except (ValueError, AttributeError, TypeError) as error:
        raise WrongSettingsError("BELLS must be JSON: kind -> queue -> types") from error


def read(env: Mapping[str, str]) -> Settings:
    """Settings from an environment.

    Raises WrongSettingsError for an unknown stage, for what cannot be read, and for a clock rate,
    an open door for outgoing calls, another Stripe or another SNS anywhere but in the sandbox.
    """
    stage = env.get("STAGE", "")
    if stage not in STAGES:
        raise WrongSettingsError(f"STAGE must be one of {', '.join(STAGES)}, not {stage!r}")
    found = Settings(
        stage=cast("Stage", stage),
        tables=env.get("TABLES", "ieum"),
        region=env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION", "us-east-1"),
        bells=_bells(env.get("BELLS") or "{}"),
        event_tables=tuple(sorted(_words(env.get("EVENT_TABLES", "")))),
        webhook_queue=env.get("WEBHOOK_QUEUE", ""),
        courier_queue=env.get("COURIER_QUEUE", ""),
        parameters=env.get("PARAMETERS", "/ieum"),
        user_pool_client=env.get("USER_POOL_CLIENT_ID", ""),
        user_pool_issuer=env.get("USER_POOL_ISSUER", ""),
        user_pool_keys=env.get("USER_POOL_KEYS_URL", ""),
        issuer=env.get("ISSUER", "ieum"),
        stripe_url=env.get("STRIPE_API_URL", ""),
        sns_url=env.get("AWS_ENDPOINT_URL_SNS", ""),
        egress_allow=_words(env.get("EGRESS_ALLOW", "")),
        clock_rate=_number("CLOCK_RATE", env.get("CLOCK_RATE") or "1"),
        clock_origin=_number("CLOCK_ORIGIN", env.get("CLOCK_ORIGIN") or "0"),
        cors_origins=_words(env.get("CORS_ORIGINS", "")),
        bucket=env.get("BUCKET", ""),
        images_url=env.get("IMAGES_URL", "").rstrip("/"),
        mail_from=env.get("MAIL_FROM", ""),
        sms_prefixes=_words(env.get("SMS_PREFIXES", "")),
    )
    if found.stage != "sandbox":
        elsewhere = (found.egress_allow, found.stripe_url, found.sns_url)
        if found.clock_rate != 1 or any(elsewhere):
            raise WrongSettingsError(
                "CLOCK_RATE, EGRESS_ALLOW, STRIPE_API_URL and AWS_ENDPOINT_URL_SNS exist only "
                "where STAGE is sandbox"
            )
    if found.clock_rate <= 0:
        raise WrongSettingsError("CLOCK_RATE must be above zero")
    return found


@cache
def settings() -> Settings:
    """The settings of this process."""
    return read(os.environ)
