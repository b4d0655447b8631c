"""From results to the templates' context: one module per part of the page."""
