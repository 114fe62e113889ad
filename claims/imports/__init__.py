"""What comes in by tables: bytes to rows, and each row to what is asked for, or to what is wrong with it; pure."""
