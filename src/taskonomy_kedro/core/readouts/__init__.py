"""From frozen representations and labels to readouts of every order: losses, facts, rankings."""
