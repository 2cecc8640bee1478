"""Three versions of a note into one."""
