"""AWS managed keys: which there are, what their policies say, and how they come to be."""
