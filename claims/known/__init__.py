"""What others checked, as they publish it: ClaimReview in its shapes, a desk's own archive, and what ratings mean."""
