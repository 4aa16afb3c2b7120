"""Merchants, as they cross the border."""

from typing import Annotated

from pydantic import Field

from chalicelib.catalog.schemas import MerchantId
from chalicelib.core.schemas import Moment, Text200, Wire


class NewMerchant(Wire):
    name: Annotated[Text200, Field(examples=["Han River Foods"])]
    legal_name: Annotated[Text200, Field(examples=["Han River Foods Co., Ltd."])]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$", examples=["KR"])]


class MerchantView(NewMerchant):
    """Somebody in law, who owns stores."""

    id: MerchantId
    version: Annotated[int, Field(examples=[1])]
    created_at: Moment
