"""What the service says about itself: that it runs, what it can do, by which keys it signs."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core import auth, openapi
from chalicelib.core.rights import PUBLIC
from chalicelib.core.routing import Answer, Served
from chalicelib.core.schemas import Wire
from chalicelib.core.settings import settings
from chalicelib.core.web import Api

api = Api(__name__)

FIVE_MINUTES = {"Cache-Control": "public, max-age=300"}


class Health(Wire):
    """The service runs. Nothing behind it was asked."""

    status: Literal["ok"] = "ok"
    stage: Annotated[str, Field(examples=["prod"])]
    version: Annotated[str, Field(examples=["0.1.0"])]


class PublicKey(Wire):
    """A public key on the curve P-256, as RFC 7517 has it."""

    kty: Annotated[str, Field(examples=["EC"])]
    crv: Annotated[str, Field(examples=["P-256"])]
    x: Annotated[str, Field(examples=["f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"])]
    y: Annotated[str, Field(examples=["x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"])]
    kid: Annotated[str, Field(examples=["2026-11"])]
    alg: Annotated[str, Field(examples=["ES256"])]
    use: Annotated[str, Field(examples=["sig"])]


class KeySet(Wire):
    """The keys of the tokens that stores get from us: the one that signs comes first."""

    keys: list[PublicKey]


@api.get("/health", PUBLIC)
def read_health() -> Health:
    """Say that the service runs. Touches nothing."""
    return Health(stage=settings().stage, version=openapi.VERSION)


@api.get("/openapi.json", PUBLIC)
def read_openapi(served: Served) -> Answer[dict[str, Any]]:
    """Describe the API: this document."""
    return Answer(openapi.document(served), headers=FIVE_MINUTES)


@api.get("/.well-known/jwks.json", PUBLIC)
def read_keys() -> Answer[KeySet]:
    """Publish the keys by which stores' tokens are verified."""
    keys = [PublicKey.model_validate(key) for key in auth.published_keys()]
    return Answer(KeySet(keys=keys), headers=FIVE_MINUTES)
