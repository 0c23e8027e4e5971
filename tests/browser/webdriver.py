"""The other engines, spoken to directly: Firefox by its Marionette socket, WebKitGTK (the engine of iPads) by WebKitWebDriver.

Both know the commands of the W3C standard; what little the tests need of it stands here. No driver has to be downloaded.
"""

import glob
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from compete.office.child import free_port
from tests.conftest import lacks

PATIENCE = 60  # seconds until a browser must have started, also on a machine that has much else to do
WAIT = 20  # seconds until a page must show what is awaited
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
QUIET = {
    "marionette.port": 0, "browser.shell.checkDefaultBrowser": False, "browser.startup.page": 0, "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False, "services.settings.server": "data:,", "toolkit.telemetry.enabled": False, "app.update.enabled": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False, "browser.aboutwelcome.enabled": False,
}  # fmt: skip
MINI = "/usr/lib/*/webkit2gtk-4*/MiniBrowser"


class Refused(Exception):
    """The browser could not do what was asked; the first word is the standard's error code."""


def awaited(ask, what: str, patience: float = PATIENCE):
    """What `ask()` answers once it is something."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: nothing after {patience} s")


class Engine:
    """A page of one engine. `command(method, path, body)` is the standard's; subclasses carry it."""

    def open(self, url: str) -> None:
        self.command("POST", "url", {"url": url})

    def run(self, script: str, *given):
        return self.command("POST", "execute/sync", {"script": script, "args": list(given)})

    def find(self, selector: str) -> str:
        return self.command("POST", "element", {"using": "css selector", "value": selector})[ELEMENT]

    def tap(self, selector: str) -> None:
        """Clicks as a person would: once it is there and nothing lies over it."""

        def attempt() -> bool:
            try:
                self.command("POST", f"element/{self.find(selector)}/click", {})
                return True
            except Refused as error:
                if str(error).split(":")[0] in ("no such element", "stale element reference", "element click intercepted", "element not interactable"):
                    return False
                raise

        awaited(attempt, selector, WAIT)

    def see(self, selector: str, text: str = "") -> None:
        """Waits for an element with this text in it."""
        ask = "return [...document.querySelectorAll(arguments[0])].some((node) => node.textContent.includes(arguments[1]))"

        def attempt():
            try:
                return self.run(ask, selector, text)
            except Refused:  # between two pages
                return False

        awaited(attempt, f"{selector} {text}", WAIT)

    def text(self, selector: str) -> str:
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def draw(self, selector: str) -> None:
        """A stroke of the finger across the element."""
        left, top, width, height = self.run("const box = document.querySelector(arguments[0]).getBoundingClientRect(); return [box.left, box.top, box.width, box.height]", selector)
        points = [(int(left + width * part), int(top + height * (0.3 + part % 0.4))) for part in (0.2 + n / 25 for n in range(15))]
        moves = [{"type": "pointerMove", "duration": 5, "x": x, "y": y, "origin": "viewport"} for x, y in points]
        stroke = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
        self.command("POST", "actions", {"actions": [{"type": "pointer", "id": "finger", "parameters": {"pointerType": "mouse"}, "actions": stroke}]})


NAMES = {"url": "WebDriver:Navigate", "execute/sync": "WebDriver:ExecuteScript", "element": "WebDriver:FindElement", "actions": "WebDriver:PerformActions"}


class Firefox(Engine):
    def __init__(self, folder: Path):
        program = shutil.which("firefox-esr") or shutil.which("firefox") or lacks("firefox-esr")
        profile = folder / "firefox"
        profile.mkdir()
        (profile / "user.js").write_text("".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in QUIET.items()))
        command = [program, "--headless", "--marionette", "--no-remote", "--width", "1024", "--height", "1100", "--profile", str(profile), "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env={**os.environ, "HOME": str(folder)})
        self._number, self._rest = 0, b""
        port = awaited(lambda: self._port(profile / "MarionetteActivePort"), "Marionette")
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._message()
        self._say("WebDriver:NewSession", {})

    @staticmethod
    def _port(file: Path) -> int:
        text = file.read_text() if file.exists() else ""
        return int(text) if text.isdecimal() else 0

    def _message(self):
        """Every message is its length, a colon, and JSON."""
        while b":" not in self._rest:
            self._rest += self._received()
        length, _, rest = self._rest.partition(b":")
        while len(rest) < int(length):
            rest += self._received()
        self._rest = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def _received(self) -> bytes:
        found = self._socket.recv(1 << 16)
        if not found:
            raise Refused("Firefox went away")
        return found

    def _say(self, name: str, body: dict):
        self._number += 1
        text = json.dumps([0, self._number, name, body]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, found = self._message()
        if error:
            raise Refused(f"{error['error']}: {error['message']}")
        return found["value"] if isinstance(found, dict) and found.keys() == {"value"} else found

    def command(self, method: str, path: str, body: dict):
        if path.endswith("/click"):
            return self._say("WebDriver:ElementClick", {"id": path.split("/")[1]})
        return self._say(NAMES[path], body)

    def close(self) -> None:
        self._socket.close()
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class WebKit(Engine):
    def __init__(self, folder: Path):
        driver = shutil.which("WebKitWebDriver") or lacks("WebKitWebDriver")
        browser = next(iter(glob.glob(MINI)), None) or lacks("MiniBrowser of WebKitGTK")
        screen = [] if os.environ.get("DISPLAY") else [shutil.which("xvfb-run") or lacks("xvfb-run"), "-a", "-s", "-screen 0 1280x1200x24"]
        self._address, self._session = ("127.0.0.1", free_port()), ""
        # The data of the browser lies in the folder; its own sandbox cannot be set up by root, as in a container.
        settings = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
                    "LIBGL_ALWAYS_SOFTWARE": "1", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}  # fmt: skip
        command = [*screen, driver, f"--port={self._address[1]}", "--host=127.0.0.1"]
        self._process = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        awaited(self._up, "WebKitWebDriver")
        options = {"binary": browser, "args": ["--automation"]}
        self._session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}})["sessionId"]

    def _up(self) -> bool:
        try:
            return "ready" in self._ask("GET", "/status", None)
        except OSError:
            return False

    def _ask(self, method: str, path: str, body: dict | None):
        connection = http.client.HTTPConnection(*self._address, timeout=PATIENCE)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(answer, dict) and "error" in answer:
            raise Refused(f"{answer['error']}: {answer.get('message', '')}")
        return answer

    def command(self, method: str, path: str, body: dict):
        return self._ask(method, f"/session/{self._session}/{path}", body)

    def close(self) -> None:
        try:
            if self._session:
                self._ask("DELETE", f"/session/{self._session}", None)
        except (OSError, Refused):
            pass
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()
