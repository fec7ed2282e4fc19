"""The ledger: all that a folder of clean texts was made of, in one SQLite file."""
