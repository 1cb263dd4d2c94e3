"""How each kind of room is furnished: one function a kind, rules that people would follow."""
