// Content tabs: open the one chosen before, or the one that the address names.
(() => {
  if (document.currentScript.dataset.linkTabs === "true") {
    const chosen = window.__md_get("__tabs");
    for (const set of Array.isArray(chosen) ? document.querySelectorAll(".tabbed-set") : []) {
      const labels = [...set.querySelectorAll(".tabbed-labels label")];
      const label = chosen.map((tab) => labels.find((l) => l.innerText.trim() === tab)).find(Boolean);
      if (label) document.getElementById(label.htmlFor).checked = true;
    }
  }
  const target = document.getElementById(location.hash.slice(1));
  if (target && target.name) target.checked = target.name.startsWith("__tabbed_");
})();
