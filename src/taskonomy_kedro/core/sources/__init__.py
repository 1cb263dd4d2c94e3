"""What feeds the targets: the tasks' own networks and frozen encoders, described as data."""
