"""Renders thirty seconds as a script of the product asks for them, beside others who make the same film."""
