"""The report: from result tables to one self-contained HTML file."""
