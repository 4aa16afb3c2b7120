"""Who does what in the world. Each module of this package registers its own acts."""
