"""Coming in by the newsroom's OpenID provider: the code flow, with every id_token's signature verified."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)

ALGORITHMS = ["RS256", "PS256", "ES256"]
CLAIMS = ["iss", "aud", "exp", "iat", "sub"]
NAMES = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}
LEEWAY_S = 30


class VerifyingAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # untyped
    """allauth's flow, which itself does not look at the signature of a token that came straight from the provider."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return what the provider says of itself; refuse one that is not the one that was named."""
        config: dict[str, Any] = super().openid_config
        if not isinstance(config, dict) or not config.keys() >= NAMES:
            raise OAuth2Error("The provider's configuration is not complete.")
        if config["issuer"].rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("The provider calls itself by another name than OIDC_ISSUER.")
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """Return whom the id_token names."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("The provider sent no id_token.")
        return self.get_provider().sociallogin_from_response(request, {"id_token": self._claims(app, id_token)})

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        with get_adapter().get_requests_session() as session:
            answer = session.get(config["jwks_uri"])
            answer.raise_for_status()
        try:
            keys = jwt.PyJWKSet.from_dict(answer.json())
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=keys[jwt.get_unverified_header(id_token).get("kid", "")],
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=config["issuer"],
                leeway=LEEWAY_S,
                options={"require": CLAIMS},
            )
        except (jwt.PyJWTError, KeyError) as wrong:
            raise OAuth2Error("The id_token is not valid.") from wrong
        return claims


@login_not_required  # type: ignore[untyped-decorator]
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider."""
    return _view(OAuth2LoginView, request, provider_id)


@login_not_required  # type: ignore[untyped-decorator]
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take what the provider says."""
    return _view(OAuth2CallbackView, request, provider_id)


def _view(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(VerifyingAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, OSError, KeyError) as away:  # requests' errors are OSErrors
        log.warning("the OpenID provider does not answer as it should: %s", type(away).__name__)
        return render(request, "socialaccount/authentication_error.html", status=HTTPStatus.BAD_GATEWAY)
    return answer
