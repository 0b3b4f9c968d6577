"""Training of the window network, on drawn plates and on photographs."""
