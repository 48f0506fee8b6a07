// Draws the page's diagrams with Mermaid, which stands beside this file. Where that fails, the diagram's text stays.
(() => {
  const blocks = [...document.querySelectorAll(".kh-diagram")].map((block) => ({ block, source: block.textContent, place: null }));
  if (!blocks.length || !window.mermaid) return;
  const mermaid = window.mermaid;
  const isDark = () => document.body.dataset.mdColorScheme === "slate";
  let drawings = 0;

  const draw = async ({ block, source }) => {
    const place = document.createElement("div");
    place.className = "kh-drawing";
    place.innerHTML = (await mermaid.render(`kh-drawing-${++drawings}`, source)).svg; // cleaned by Mermaid: securityLevel
    return place;
  };
  const drawAll = async () => {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      theme: isDark() ? "dark" : "neutral",
      fontFamily: getComputedStyle(document.body).fontFamily,
    });
    for (const diagram of blocks) {
      try {
        const place = await draw(diagram);
        diagram.place?.remove();
        diagram.place = place;
        diagram.block.after(place);
        diagram.block.hidden = true;
      } catch (error) {
        diagram.block.title = `Not drawn: ${String(error.message || error).split("\n")[0]}`;
      }
    }
  };

  let turn = Promise.resolve();
  const next = () => (turn = turn.then(drawAll));
  let shown = isDark();
  new MutationObserver(() => {
    if (isDark() === shown) return;
    shown = isDark();
    next();
  }).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
  next();
})();
