"""Pictures as they are stored. Private to the catalog."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.catalog.models import ControlMeta
from chalicelib.core.dynamo import Item

WAITING = "IMAGES#waiting"


def image_key(image_id: str) -> str:
    return f"IMAGE#{image_id}"


class ImageHead(Item):
    """A picture: forgotten after two days unless it became ready."""

    class Meta(ControlMeta):
        pass

    id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    status = UnicodeAttribute()
    media_type = UnicodeAttribute()
    size = NumberAttribute()
    tries = NumberAttribute()
    problem = UnicodeAttribute(null=True)
    width = NumberAttribute(null=True)
    height = NumberAttribute(null=True)
    put_until = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)


class WaitingImage(Item):
    """That a picture was sent and waits to be looked at."""

    class Meta(ControlMeta):
        pass

    id = UnicodeAttribute()
