"""A study of a region as its people do it together: what is decided of it, without a database and without pages."""
