"""One function per chart: a figure's rows in, a Vega-Lite dictionary out."""
