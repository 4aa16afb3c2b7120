"""Files in the stack's bucket: put there by clients under a signed address, read and written by us.

The seam of S3: everything that is asked of it is here.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import aws
from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import settings

ABSENT = frozenset({"404", "NoSuchKey", "NotFound", "403", "AccessDenied"})
"""Who may not list a bucket is told 403 of a file that is not there; ours may read those that are.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html"""


@cache
def _client() -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
    """Its addresses name the bucket by host; a bucket of this machine has no host of its own."""
    style: Literal["path", "virtual"] = "path" if settings().stage == "sandbox" else "virtual"
    own = Config(signature_version="s3v4", s3={"addressing_style": style})
    config = aws.CONFIG.merge(own)
    return boto3.client("s3", region_name=settings().region, config=config)


def forget() -> None:
    """Drop the client, for tests that change the world under it."""
    _client.cache_clear()


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as failure:
        raise UnavailableError from failure


def address_to_put(key: str, media_type: str, size: int, seconds: int) -> str:
    """Where a client may put one file of this type and of just so many bytes, for so long.

    Nothing is asked of S3. The type and the length are signed: another header is refused.
    """
    with _reaching():
        url: str = _client().generate_presigned_url(
            "put_object",
            Params={
                "Bucket": settings().bucket,
                "Key": key,
                "ContentType": media_type,
                "ContentLength": size,
            },
            ExpiresIn=seconds,
        )
    return url


def address_to_get(key: str, media_type: str, seconds: int) -> str:
    """Where somebody may read a file for so long, to be kept and never to be shown as a page.

    Nothing is asked of S3: there may be no such file.
    """
    with _reaching():
        url: str = _client().generate_presigned_url(
            "get_object",
            Params={
                "Bucket": settings().bucket,
                "Key": key,
                "ResponseContentType": media_type,
                "ResponseContentDisposition": "attachment",
            },
            ExpiresIn=seconds,
        )
    return url


def size(key: str) -> int | None:
    """How many bytes a file has; None: there is none. Raises UnavailableError (503)."""
    with _reaching():
        try:
            found = _client().head_object(Bucket=settings().bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT:
                return None
            raise
    return int(found["ContentLength"])


def read(key: str) -> bytes | None:
    """A file, whole; None: there is none. Raises UnavailableError (503)."""
    with _reaching():
        try:
            found = _client().get_object(Bucket=settings().bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT:
                return None
            raise
        content: bytes = found["Body"].read()
    return content


def write(key: str, content: bytes, media_type: str, cache_control: str) -> None:
    """Put a file, or the same one again. Raises UnavailableError (503)."""
    with _reaching():
        _client().put_object(
            Bucket=settings().bucket,
            Key=key,
            Body=content,
            ContentType=media_type,
            CacheControl=cache_control,
        )


def remove(key: str) -> None:
    """Take a file away; none is as good. Raises UnavailableError (503)."""
    with _reaching():
        _client().delete_object(Bucket=settings().bucket, Key=key)
