"""What templates of the desk ask for by a tag."""
