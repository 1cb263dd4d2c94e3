"""Furniture: each function draws a size, a shape and materials, and returns a model of primitives.

The middle of its base is at the origin, its front faces -y, its back +y.
"""
