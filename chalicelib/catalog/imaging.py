"""A picture that somebody sent, made into one that is safe to show: decoded, and encoded anew.

What is encoded anew holds nothing but the picture: no position, no camera, no second file behind
the first. The format is told by the content, never by what the sender calls it. Decoding is
Pillow's; a picture of more pixels than `MOST_PIXELS` is refused by its first bytes.
"""

import io
import warnings
from dataclasses import dataclass

from chalicelib.catalog.image_schemas import ImageProblem

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000
"""What a telephone's camera takes; twice as many would need 200 MB of memory."""
LEAST_SIDE, MOST_SIDE = 200, 1_600
QUALITY = 80
MEDIA_TYPE = "image/webp"


class NotShownError(Exception):
    """The picture cannot be shown. Says why."""

    def __init__(self, problem: ImageProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is shown."""

    content: bytes
    width: int
    height: int


def shown(sent: bytes) -> Picture:
    """The picture anew, upright, as WebP, no side longer than 1,600 pixels. Raises NotShownError.

    Imports what decodes only here: no other function pays for it at its cold start.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(sent), formats=FORMATS) as picture:
                _demand_size(*picture.size)
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        except NotShownError:
            raise
        except UnidentifiedImageError:
            raise NotShownError(ImageProblem.NOT_A_PICTURE) from None
        except Exception as error:
            # A decoder meets whatever a stranger made: each of its complaints is about the file.
            raise NotShownError(ImageProblem.DAMAGED) from error
    upright.thumbnail((MOST_SIDE, MOST_SIDE))
    kept = io.BytesIO()
    upright.save(kept, "WEBP", quality=QUALITY)
    return Picture(kept.getvalue(), *upright.size)


def _demand_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise NotShownError(ImageProblem.TOO_MANY_PIXELS)
    if min(width, height) < LEAST_SIDE:
        raise NotShownError(ImageProblem.TOO_SMALL)
