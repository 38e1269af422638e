"""What `make bench` measures, one module a figure: measure(options) answers rows and their detail."""
