"""The first sitting: from an empty condominium to the first opened gate."""
