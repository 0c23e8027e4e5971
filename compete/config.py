"""Settings: what may be set, from where, with what default. The README's table is checked against `SETTINGS`."""

import os
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent


class Setting(NamedTuple):
    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("COMPETE_DATA", "data", "数据文件夹：数据库、附件、密钥都在这里"),
    Setting("COMPETE_DATABASE_URL", "", "PostgreSQL 地址（postgresql+psycopg://…）；留空则用数据文件夹里的 SQLite"),
    Setting("COMPETE_HTTPS", "0", "1 表示经 HTTPS 访问：Cookie 只在加密连接上发送"),
    Setting("COMPETE_PROXIES", "0", "前面有几层反向代理（影响登录限速所见的来源地址）"),
    Setting("COMPETE_UPLOAD_MB", "50", "单个上传文件的上限（MB）"),
    Setting("COMPETE_RATE_STORAGE", "memory://", "登录限速的计数存放处；多进程时用 redis://…"),
)


class ConfigError(Exception):
    """A setting that cannot be used; the message names the setting and the mend."""


def read(environ=os.environ) -> dict:
    values = {setting.name: environ.get(setting.name, setting.default) for setting in SETTINGS}
    for name in ("COMPETE_PROXIES", "COMPETE_UPLOAD_MB"):
        if not values[name].isdigit():
            raise ConfigError(f"{name}={values[name]!r} 不是整数，请改为例如 {name}=1")
    return {
        "DATA": values["COMPETE_DATA"],
        "SQLALCHEMY_DATABASE_URI": values["COMPETE_DATABASE_URL"],
        "SESSION_COOKIE_SECURE": values["COMPETE_HTTPS"] == "1",
        "PROXIES": int(values["COMPETE_PROXIES"]),
        "MAX_CONTENT_LENGTH": int(values["COMPETE_UPLOAD_MB"]) * 1024 * 1024,
        "RATELIMIT_STORAGE_URI": values["COMPETE_RATE_STORAGE"],
    }


def folder(name: str) -> Path:
    """`templates` or `static`: packed beside the package in a wheel, at the top level in a checkout."""
    packed = ROOT / f"_{name}"
    return packed if packed.is_dir() else ROOT.parent / name
