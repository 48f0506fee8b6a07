// Review by keyboard: j and k choose a suggestion, a, e and r press the button of the chosen one (or of the only one).
(() => {
  const cards = () => [...document.querySelectorAll("[data-suggestion]")];
  const chosen = () => document.activeElement?.closest?.("[data-suggestion]") ?? (cards().length === 1 ? cards()[0] : null);
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const all = cards();
    const at = all.indexOf(chosen());
    if ((event.key === "j" || event.key === "k") && all.length > 1) {
      const to = event.key === "j" ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0);
      all[to].focus();
      all[to].scrollIntoView({ block: "nearest" });
    } else if (event.key === "j" || event.key === "k") {
      const links = document.querySelectorAll('a[data-kh-key="j"]');
      if (event.key === "j") links[links.length - 1]?.click();
      else history.back();
    } else if ("aer".includes(event.key)) {
      const button = chosen()?.querySelector(`[data-kh-key="${event.key}"]`);
      if (!button || button.offsetParent === null) return;
      event.preventDefault();
      button.click();
      if (event.key === "r") setTimeout(() => chosen()?.querySelector(".kh-reasons button")?.focus(), 300);
    }
  });
})();
