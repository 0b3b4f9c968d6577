"""What the faces keep: nothing that decides."""
