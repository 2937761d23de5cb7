"""What platforms take: their limits as data, what breaks them, and files made to meet them."""
