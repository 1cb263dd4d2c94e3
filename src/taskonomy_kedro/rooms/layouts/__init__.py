"""Furnish each kind of room: one function for each kind."""
