"""A made-up desk for development and measuring: as many claims as are asked for, with all that hangs on them."""
