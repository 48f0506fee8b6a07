"""The ways an update can change a page without a model: one module, one idea each.

Every rule takes a `Passage` (what the update says) and a `Sheet` (a page cut into pieces) and gives `Replacement`s of spans
of the page's text. Rules know English and Markdown; none knows a firm, a page or a handbook.
"""
