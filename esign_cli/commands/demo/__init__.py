"""`esign demo`: the main job on made-up data."""
