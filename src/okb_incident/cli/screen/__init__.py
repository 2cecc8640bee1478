"""One design for the terminal: forms of ids and times, tones of states, lines, tables, cards and the live board.

Only `device`, `grid`, `live` and `report` load rich, and only where a terminal reads. In a pipe every view is plain text in full forms.
"""
