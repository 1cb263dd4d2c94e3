"""Labels of images: stored form, what is learned from it, pairs and statistics."""
