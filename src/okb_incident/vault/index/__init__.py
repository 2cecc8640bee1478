"""The index: what the notes of a vault say, remembered between commands in the user's cache folder.

A second reading costs one look at each folder and each note's stat; only notes that changed are read again. The index can be
deleted at any time and is built again in silence. It is never trusted for a write, and nothing is ever put into the vault.
"""
