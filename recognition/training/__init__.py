"""How the shipped networks were made: drawn plates, real pictures, training and export. Not needed to read plates."""
