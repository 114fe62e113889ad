"""Does a passage support or refute a claim? Pure; the model is passed in. Suggests, never decides."""
