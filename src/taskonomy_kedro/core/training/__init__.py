"""Losses, and one loop: one network in, one trained network and its curve out."""
