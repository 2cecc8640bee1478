"""The console: a prompt on one incident, whose lines run the commands of the command line. Only `line_prompt` loads prompt_toolkit."""
