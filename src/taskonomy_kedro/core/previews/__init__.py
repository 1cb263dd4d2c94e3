"""What a step is, in words for people: the program, and the layers of a network."""
