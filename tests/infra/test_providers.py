"""Signing in by Apple, Google and Kakao: there where a client id is given, absent otherwise."""

from typing import Any

import pytest

from tests.infra.conftest import Packaged

PROVIDERS = {
    "GoogleProvider": ("ByGoogle", "GoogleClientId", "Google", "Google"),
    "AppleProvider": ("ByApple", "AppleServicesId", "SignInWithApple", "SignInWithApple"),
    "KakaoProvider": ("ByKakao", "KakaoClientId", "Kakao", "OIDC"),
}


def whole(packaged: Packaged, name: str) -> dict[str, Any]:
    found: dict[str, Any] = packaged.expanded["Resources"][name]
    return found


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_is_there_where_its_client_id_is_given(packaged: Packaged, name: str) -> None:
    condition, parameter, provider, kind = PROVIDERS[name]

    made = whole(packaged, name)

    assert made["Condition"] == condition
    conditions = packaged.expanded["Conditions"]
    assert conditions[condition] == {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}
    assert (made["Properties"]["ProviderName"], made["Properties"]["ProviderType"]) == (
        provider,
        kind,
    )
    assert made["Properties"]["ProviderDetails"]["client_id"] == {"Ref": parameter}
    assert packaged.expanded["Parameters"][parameter]["Default"] == ""


def test_whether_an_address_is_verified_says_the_provider_or_nobody(packaged: Packaged) -> None:
    mapped = {
        name: whole(packaged, name)["Properties"]["AttributeMapping"].get("email_verified")
        for name in PROVIDERS
    }

    said = "email_verified"
    assert mapped == {"GoogleProvider": said, "AppleProvider": said, "KakaoProvider": None}


def test_nothing_joins_two_accounts_by_their_address(packaged: Packaged) -> None:
    pool = packaged.resource("UserPool")

    assert "LambdaConfig" not in pool
    assert "AliasAttributes" not in pool
    assert "cognito-idp:AdminLinkProviderForUser" not in str(packaged.expanded)


def test_apps_come_back_with_a_code_to_addresses_that_were_given(packaged: Packaged) -> None:
    app = packaged.resource("UserPoolClient")
    absent = {"Ref": "AWS::NoValue"}

    assert app["AllowedOAuthFlows"] == {"Fn::If": ["ByOthers", ["code"], absent]}
    assert app["CallbackURLs"] == {"Fn::If": ["ByOthers", {"Ref": "AuthCallbacks"}, absent]}
    supported = [
        "COGNITO",
        *(
            {"Fn::If": [condition, {"Ref": name}, absent]}
            for name, (condition, *_) in PROVIDERS.items()
        ),
    ]
    assert app["SupportedIdentityProviders"] == supported
    assert whole(packaged, "UserPoolPages")["Condition"] == "ByOthers"


def test_secrets_of_providers_are_not_shown(packaged: Packaged) -> None:
    secret = {
        name
        for name, parameter in packaged.expanded["Parameters"].items()
        if parameter.get("NoEcho")
    }

    assert secret == {"ApplePrivateKey", "GoogleClientSecret", "KakaoClientSecret"}
