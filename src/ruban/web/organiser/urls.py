"""Routes of organisers, under /organiser/."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from ruban.web.address import ORGANISER, TOKEN, TOO_LARGE
from ruban.web.organiser.letter_urls import letter_urls
from ruban.web.organiser.views.attest import attest, bring_attestation, new_attester
from ruban.web.organiser.views.begin import begin, begin_again, confirm
from ruban.web.organiser.views.codes import cards, codes, forget, table
from ruban.web.organiser.views.disputes import disputes, settle
from ruban.web.organiser.views.home import home
from ruban.web.organiser.views.link import link
from ruban.web.organiser.views.mail import mail, mail_codes, remind
from ruban.web.organiser.views.passkeys import add_passkey, remove_passkey, sign_in_page
from ruban.web.organiser.views.people import add, all_until, confirm_add, people, take_back
from ruban.web.organiser.views.settings import electorate, make_link, new_helper, remove_helper, settings
from ruban.web.organiser.views.sign_in import leave
from ruban.web.organiser.views.stewards import share, steward, withdraw_share
from ruban.web.organiser.views.too_large import too_large

urlpatterns: list[URLPattern] = [
    path("", home),
    path(TOO_LARGE.removeprefix(ORGANISER), too_large),
    path("sign-in/", sign_in_page),
    path("sign-out/", leave),
    re_path(rf"^link/(?P<token>{TOKEN})/\Z", link),
    path("begin/", begin),
    re_path(rf"^begin/(?P<token>{TOKEN})/\Z", confirm),
    re_path(rf"^begin/(?P<token>{TOKEN})/form/\Z", begin_again),
    re_path(rf"^codes/(?P<token>{TOKEN})/\Z", codes),
    re_path(rf"^codes/(?P<token>{TOKEN})/cards\.pdf\Z", cards),
    re_path(rf"^codes/(?P<token>{TOKEN})/codes\.csv\Z", table),
    re_path(rf"^codes/(?P<token>{TOKEN})/forget/\Z", forget),
    path("people/", people),
    path("people/add/", add),
    re_path(rf"^people/add/(?P<token>{TOKEN})/\Z", confirm_add),
    path("settings/", settings),
    path("settings/helper/", new_helper),
    path("settings/electorate/", electorate),
    re_path(r"^settings/(?P<key>[0-9]{1,9})/link/\Z", make_link),
    re_path(r"^settings/(?P<key>[0-9]{1,9})/remove/\Z", remove_helper),
    path("settings/passkeys/", add_passkey),
    path("settings/passkeys/remove/", remove_passkey),
    re_path(rf"^codes/(?P<token>{TOKEN})/mail/\Z", mail_codes),
    path("people/take-back/", take_back),
    path("people/until/", all_until),
    path("people/remind/", remind),
    path("people/disputes/", disputes),
    path("people/disputes/settle/", settle),
    path("people/attest/", attest),
    path("people/attest/name/", new_attester),
    path("people/attest/publish/", bring_attestation),
    re_path(rf"^mail/(?P<token>{TOKEN})/\Z", mail),
    re_path(rf"^codes/(?P<token>{TOKEN})/share/\Z", share),
    re_path(rf"^stewards/(?P<token>{TOKEN})/withdraw/\Z", withdraw_share),
    re_path(rf"^steward/(?P<token>{TOKEN})/\Z", steward),
    *letter_urls,
]
