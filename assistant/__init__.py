"""Questions in, cited answers out. Knows the wiki; knows nothing of updates, HTTP or the web."""
