"""What a run prints: progress while it works, and what it found at its end."""
