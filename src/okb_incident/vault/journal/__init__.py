"""The journal: what each command changed, chained by hashes, and the images that undo it; it holds no word of a note."""
