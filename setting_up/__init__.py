"""What start.py does, with nothing but Python's own library: the environment, its repair, and the commands."""
