"""The hall: the host's console, the clock, screens, the host's script. Each group of pages has its own module."""

from compete.live import pages_console, pages_scores, pages_screens, pages_script, pages_tablets, screen_views
from compete.live.blueprint import blueprint

PAGES = (pages_console, pages_screens, pages_scores, pages_script, pages_tablets)
blueprints = (blueprint, screen_views.blueprint)
