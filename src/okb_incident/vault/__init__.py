"""Where notes live: the only room that reads or writes them."""
