"""Where the server can be reached, and a QR code for the terminal."""

import errno
import socket

import segno

# Half blocks: one character shows two modules, one above the other. (upper is light, lower is light)
BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
WHITE_ON_BLACK = "\x1b[97;40m"
PLAIN = "\x1b[0m"


def port_is_free(port: int, host: str = "0.0.0.0") -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets two programs share a port otherwise
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)):
                return False
            raise
    return True


def free_port(after: int) -> int | None:
    return next((port for port in range(after + 1, min(after + 100, 65536)) if port_is_free(port)), None)


def local_addresses() -> list[str]:
    """The IPv4 addresses of this machine in its networks, the one of the default route first."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address; connecting UDP sends nothing
            found.append(probe.getsockname()[0])
        except OSError:
            pass  # no network at all
    try:
        found += [item[4][0] for item in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    except OSError:
        pass  # the machine's own name is not known to it
    return [address for address in dict.fromkeys(found) if not address.startswith(("127.", "0."))]


def qr(text: str, *, colour: bool) -> str:
    """The QR code of a text for a terminal: with colour codes it is right on any background."""
    rows = [[not dark for dark in row] for row in segno.make_qr(text, error="m").matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    lines = ["".join(BLOCKS[pair] for pair in zip(upper, lower)) for upper, lower in zip(rows[::2], rows[1::2])]
    return "\n".join(f"{WHITE_ON_BLACK}{line}{PLAIN}" if colour else line for line in lines)
