"""Made-up rows in the shape of a query: what an app sees until it is published. No source is asked."""
