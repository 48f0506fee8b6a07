// Runs before anything is drawn: the colours chosen on the site (the same key in storage), else those of the system.
(() => {
  const KEY = "/.__palette"; // Material's own: scope and name
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY))?.color?.scheme;
    } catch {
      return null;
    }
  };
  const isDark = () => (chosen() ?? (system.matches ? "slate" : "default")) === "slate";
  const show = () => {
    const dark = isDark();
    document.documentElement.setAttribute("data-md-color-scheme", dark ? "slate" : "default");
    if (window.Quasar && document.body && document.body.classList.contains("body--dark") !== dark) Quasar.Dark.set(dark);
    for (const button of document.querySelectorAll("[data-kh-theme]")) {
      const words = dark ? "Light mode" : "Dark mode";
      if (button.title !== words) {
        button.title = words;
        button.setAttribute("aria-label", words);
      }
    }
  };
  show();
  system.addEventListener("change", show);
  addEventListener("storage", (event) => event.key === KEY && show());
  document.addEventListener("DOMContentLoaded", () => {
    show();
    new MutationObserver(show).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-kh-theme]")) return;
    const dark = !isDark();
    const color = { media: `(prefers-color-scheme: ${dark ? "dark" : "light"})`, scheme: dark ? "slate" : "default", primary: "custom", accent: "custom" };
    try {
      localStorage.setItem(KEY, JSON.stringify({ index: dark ? 1 : 0, color }));
    } catch {
      // Storage is full or forbidden: the choice lasts for this page.
    }
    show();
  });
})();
