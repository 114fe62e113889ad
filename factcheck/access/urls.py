"""Coming in: the few of allauth's pages that a desk without sign-up and without mail needs."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.socialaccount.views import login_cancelled
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters

from factcheck.access import oidc
from factcheck.access.views import Enrol, TakeOff

# allauth marks its login itself; what is typed here must not stand in a report of an error either.
secretly = sensitive_post_parameters("password", "code")

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", login_not_required(account.logout), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", secretly(account.reauthenticate), name="account_reauthenticate"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/code/", secretly(second_factor.authenticate), name="mfa_authenticate"),
    path("second-factor/again/", secretly(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/enrol/", Enrol.as_view(), name="mfa_activate_totp"),
    path("second-factor/off/", TakeOff.as_view(), name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("oidc/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/<slug:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
]
