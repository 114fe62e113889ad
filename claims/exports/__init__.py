"""What leaves the desk in files: a row in, a dict out; pure."""
