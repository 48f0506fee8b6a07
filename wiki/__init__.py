"""The knowledge base: pages, git, index, links, review, publishing.

Knows nothing of models, HTTP or the web: everything here is plain functions and small classes over a folder of Markdown.
"""
