"""How a page's text is read and changed: front matter, headings and their anchors, links, plain text, line ends."""
