// Set the colours before the page is drawn: those chosen before, else those of the system.
(() => {
  const kept = window.__md_get("__palette");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const scheme = (kept && kept.color && kept.color.scheme) || (dark ? "slate" : "default");
  document.body.setAttribute("data-md-color-scheme", scheme);
  document.body.setAttribute("data-md-color-primary", "custom");
  document.body.setAttribute("data-md-color-accent", "custom");
})();
