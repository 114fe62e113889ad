"""The rules of verification: pure, no clock, no database."""
