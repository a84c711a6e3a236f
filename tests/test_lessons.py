"""The lessons: the model still answers as they say, a student is answered, a teacher gets the key."""
