"""What a shell completes: the words that may come next on a command line, each with what it means.

A shell waits for the answer at each Tab. So the command line is read from the table of commands, without the parser where no option is
typed; notes are read only where a word names something in them; and nothing that fails is ever printed.
"""
