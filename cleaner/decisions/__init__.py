"""Decisions of people about edits: kept, moved between people, and carried out."""
