"""What becomes of a picture that somebody sent."""

import io
import struct
import zlib

import pytest
from PIL import Image

from chalicelib.catalog import imaging
from chalicelib.catalog.image_schemas import ImageProblem
from chalicelib.catalog.imaging import NotShownError
from tests.catalog.pictures import of_a_camera, picture


def _problem(sent: bytes) -> ImageProblem:
    with pytest.raises(NotShownError) as raised:
        imaging.shown(sent)
    return raised.value.problem


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_format_becomes_webp_of_the_same_size(kind: str) -> None:
    made = imaging.shown(picture(800, 600, kind))

    with Image.open(io.BytesIO(made.content)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (800, 600))
    assert (made.width, made.height) == (800, 600)


def test_no_side_is_longer_than_1600_pixels_and_the_shape_stays() -> None:
    made = imaging.shown(picture(4000, 3000))

    assert (made.width, made.height) == (1600, 1200)


def test_position_and_camera_are_gone_and_the_picture_stands_upright() -> None:
    sent = of_a_camera()
    assert b"Canary" in sent

    made = imaging.shown(sent)

    with Image.open(io.BytesIO(made.content)) as shown:
        assert dict(shown.getexif()) == {}
    assert b"Canary" not in made.content
    assert (made.width, made.height) == (600, 800)


def test_what_was_hidden_behind_the_picture_is_gone() -> None:
    made = imaging.shown(picture() + b"<script>alert(1)</script>")

    assert b"script" not in made.content


def test_of_a_moving_picture_the_first_frame_is_shown() -> None:
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    kept = io.BytesIO()
    frames[0].save(kept, "WEBP", save_all=True, append_images=frames[1:])

    made = imaging.shown(kept.getvalue())

    with Image.open(io.BytesIO(made.content)) as shown:
        assert getattr(shown, "n_frames", 1) == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(100),
        picture(300, 300, "GIF"),
        picture(300, 300, "BMP"),
        b"%PDF-1.7",
        b"\x7fELF" + bytes(200),
    ],
    ids=["nothing", "text", "svg", "no gif", "gif", "bmp", "pdf", "program"],
)
def test_what_is_none_of_the_three_formats_is_no_picture(sent: bytes) -> None:
    assert _problem(sent) is ImageProblem.NOT_A_PICTURE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_damaged(kind: str) -> None:
    whole = picture(800, 600, kind)

    assert _problem(whole[: len(whole) // 2]) is ImageProblem.DAMAGED


def test_a_small_picture_is_refused() -> None:
    assert _problem(picture(199, 600)) is ImageProblem.TOO_SMALL
    assert imaging.shown(picture(200, 600)).width == 200


def _claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says to be so large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(100)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [5_000, 30_000, 2**31 - 1])
def test_a_file_that_would_unpack_to_too_many_pixels_is_refused_unread(side: int) -> None:
    assert _problem(_claiming(side, side)) in {
        ImageProblem.TOO_MANY_PIXELS, ImageProblem.DAMAGED,
    }  # fmt: skip
