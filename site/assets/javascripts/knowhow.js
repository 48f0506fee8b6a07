// Printing, the number of suggestions that wait, and whether there is a server behind the page at all.
(() => {
  const root = document.documentElement;
  document.querySelectorAll("[data-kh-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  document.querySelectorAll("[data-kh-new-page]").forEach((link) => {
    link.search = new URLSearchParams({ path: decodeURI(location.pathname) }); // the page that the address names
  });

  const setStatic = (isStatic) => {
    root.classList.toggle("kh-static", isStatic);
    window.__md_set("__kh_static", isStatic, sessionStorage);
  };
  const showCount = (list) => {
    const badge = document.querySelector("[data-kh-review-count]");
    if (!badge || !list || !Array.isArray(list.items) || !list.items.length) return;
    const count = `${list.items.length}${list.next ? "+" : ""}`;
    badge.textContent = count;
    badge.setAttribute("aria-label", `${count} waiting`);
    badge.hidden = false;
  };
  if (location.protocol === "file:") return;
  fetch(new URL("api/v1/suggestions?status=open&limit=100", window.__md_scope.href.replace(/\/?$/, "/")), {
    headers: { Accept: "application/json" },
  })
    .then((answer) => {
      const json = (answer.headers.get("Content-Type") || "").includes("json"); // a file server answers with its own 404 page
      setStatic(!json);
      return json && answer.ok ? answer.json() : null;
    })
    .then(showCount)
    .catch(() => {}); // no connection just now: what is shown stays
})();
