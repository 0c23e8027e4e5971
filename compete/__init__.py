"""Compete (赛评): runs a skills competition or an innovation roadshow from the first form to the last payment."""

from pathlib import Path

__version__ = "0.1.0"


def create_app(settings: dict | None = None):
    """The Flask application. `settings` override those of the environment (config.SETTINGS)."""
    from flask import Flask

    from compete import config

    folders = {"template_folder": str(config.folder("templates")), "static_folder": str(config.folder("static"))}
    app = Flask("compete", static_url_path="/static", **folders)  # in a wheel the folder is called _static
    app.config.update(config.read())
    app.config.update(settings or {})
    data = Path(app.config["DATA"]).resolve()
    data.mkdir(parents=True, exist_ok=True)
    app.config["DATA"] = data
    if not app.config["SQLALCHEMY_DATABASE_URI"]:
        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{data / 'compete.db'}"

    from compete import setup

    setup.install(app, data)
    return app
