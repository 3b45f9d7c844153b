"""What belongs to no test in particular."""
