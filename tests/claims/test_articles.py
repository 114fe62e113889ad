"""Articles come in, are split once, and keep their claims."""
