"""Reports of a period, as PDF and as a spreadsheet."""
