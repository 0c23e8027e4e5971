"""From marks to the score of one part: kinds of marks, sheets, panels, standard scores, places."""
