"""Files: reading and writing bytes so that none is lost."""
