"""Judges, panels, sessions, draws and the board. Each group of pages has its own module."""

from compete.judging import pages_board, pages_cards, pages_draw, pages_panels, pages_people, pages_rulings, pages_sessions
from compete.judging.blueprint import blueprint

PAGES = (pages_people, pages_cards, pages_panels, pages_sessions, pages_draw, pages_board, pages_rulings)
blueprints = (blueprint,)
