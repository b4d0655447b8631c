"""Figures that are tables of shaded cells."""
