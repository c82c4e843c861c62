"""What MEBBİS files look like: types, layouts, cells and the values in them."""
