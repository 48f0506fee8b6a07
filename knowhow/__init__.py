"""The application: settings, wiring, command line, HTTP API, web pages, jobs."""

__version__ = "0.1.0"
