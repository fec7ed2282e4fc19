"""The page on which people decide about edits, served to this machine alone."""
