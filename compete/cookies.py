"""Signatures of cookies and of form tokens, checked once: a tablet sends the same two with every touch.

What was found right stays right for a minute; then, and for whatever is new, the libraries check as always.
"""

import time
from collections import OrderedDict

from flask import g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect

FOR, MOST = 60.0, 4096  # seconds, how many


class _Known:
    """What was checked, with what came out of it; the oldest is forgotten first."""

    def __init__(self):
        self._found = OrderedDict()

    def get(self, key):
        value, until = self._found.get(key, (None, 0.0))
        return value if time.monotonic() < until else None

    def keep(self, key, value) -> None:
        self._found[key] = value, time.monotonic() + FOR
        while len(self._found) > MOST:
            try:
                self._found.popitem(last=False)
            except KeyError:  # another thread was faster
                break


class Sessions(SecureCookieSessionInterface):
    def __init__(self):
        self._known = _Known()

    def open_session(self, app, request):
        cookie = request.cookies.get(self.get_cookie_name(app))
        text = cookie and self._known.get(cookie)
        if text:
            return self.session_class(self.serializer.loads(text))  # its own copy: lists in it may be changed
        opened = super().open_session(app, request)
        if cookie and opened:
            self._known.keep(cookie, self.serializer.dumps(dict(opened)))
        return opened


class Csrf(CSRFProtect):
    def __init__(self, app=None):
        super().__init__(app)
        self._known = _Known()

    def _get_csrf_token(self):
        """The tablet's messages carry the token in a header: their body need not be searched for a form first."""
        return request.headers.get("X-CSRFToken") or super()._get_csrf_token()

    def protect(self, apply_exemptions=False):
        token, held = request.headers.get("X-CSRFToken"), session.get("csrf_token")
        pair = (token, held) if token and held and not request.is_secure else None  # over HTTPS the referrer counts too
        if pair and self._known.get(pair):
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)
        if pair and g.get("csrf_valid"):
            self._known.keep(pair, True)
