"""Studies: many runs by one file, kept as they finish, and read together."""
