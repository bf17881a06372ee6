"""What must hold for any input: `python -m tests.fuzz` damages sound files from a seed and runs commands."""
