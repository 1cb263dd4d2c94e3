"""Furniture: each builder draws a size, a shape and materials, and returns a model of primitives.

A model stands with the middle of its foot at the origin, its front towards -y, its back to +y.
"""
