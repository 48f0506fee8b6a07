"""Updates in, suggestions and flags out. Knows the wiki and the assistant's model client; knows nothing of HTTP or the web."""
