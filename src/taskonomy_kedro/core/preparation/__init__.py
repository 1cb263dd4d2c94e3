"""Images and labels made once, from rooms or a directory, and kept as arrays that are sliced by row.

Nothing is imported here: the registry needs settings and types only, and scikit-image takes its time.
"""
