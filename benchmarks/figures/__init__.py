"""What `make bench` measures, a module each: measure(options) answers its rows and details."""
