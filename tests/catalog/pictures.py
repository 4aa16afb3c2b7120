"""Pictures as people send them."""

import io
from typing import Any

from PIL import Image

SEOUL = {2: (37.0, 33.0, 43.56), 4: (126.0, 55.0, 24.96), 1: "N", 3: "E"}
"""Where a camera was, as EXIF has it."""


def picture(
    width: int = 800,
    height: int = 600,
    kind: str = "JPEG",
    **more: Any,  # noqa: ANN401 - Pillow's
) -> bytes:
    """A picture in which no two columns are alike."""
    drawn = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    kept = io.BytesIO()
    drawn.save(kept, kind, **more)
    return kept.getvalue()


def of_a_camera() -> bytes:
    """A picture that says where and by what it was taken, and that it lies on its side."""
    said = Image.Exif()
    said[0x0112] = 6
    said[0x010F] = "Canary Cameras"
    said.get_ifd(0x8825).update(SEOUL)
    return picture(exif=said)
