"""The host of a simulated day: signs in with an account, opens and closes sessions on their pages."""

from compete.office.simulate_line import Visitor
from compete.office.simulate_world import HOST, LOGIN, Turn, World


class Host:
    def __init__(self, world: World, port: int):
        self._world, self._visitor = world, Visitor(port, HOST)

    def enter(self) -> None:
        def attempt():
            self._visitor.page("/sign-in")
            self._visitor.send_form("/sign-in", {"login": LOGIN, "password": self._world.password})
            return self._visitor.page("/contests").status == 200

        self._visitor.patiently("登录", attempt)

    def open(self, turn: Turn) -> None:
        self._move(turn, "open", "close")

    def close(self, turn: Turn) -> None:
        self._move(turn, "close", "reopen")

    def _move(self, turn: Turn, verb: str, offered: str) -> None:
        """Presses the button until the page offers what comes after it."""
        page = f"/contests/{self._world.contest}/sessions/{turn.session}"

        def attempt():
            if f"{page}/{offered}" in self._visitor.page(page).text:
                return True
            self._visitor.send_form(f"{page}/{verb}", {})
            return False

        self._visitor.patiently(f"{turn.name} {verb}", attempt)
