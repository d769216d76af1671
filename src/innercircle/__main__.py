"""``python -m innercircle``."""

from innercircle.cli import app

app()
