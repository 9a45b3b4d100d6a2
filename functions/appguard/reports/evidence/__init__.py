"""The evidence pack of one app: all that tells how it came to be and what it did, verified offline."""
