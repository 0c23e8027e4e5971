"""彩排: a copy of the contest to practise with, cleared in one step."""

blueprints = ()
