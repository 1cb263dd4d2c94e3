"""Labels of an image in stored form, and what networks are trained on."""
