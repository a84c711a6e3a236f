"""How people reach the model: the command line."""
