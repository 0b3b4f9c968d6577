"""Training of the corner network and of the text network, together, through the rectifying warp."""
