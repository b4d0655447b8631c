"""Simulates the buyers of Lanxi Home: needs, baskets, prices as promoted, and a choice of store."""
