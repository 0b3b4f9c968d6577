"""The guard's live screen: what stands at each lane now, and what one key does about it."""
