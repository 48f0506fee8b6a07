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
  // The first page: each list, or a word where there is nothing.
  const fillHome = (home) => {
    const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
    const line = (text, url, note) => {
      const item = document.createElement("li");
      const words = document.createElement(url ? "a" : "span");
      words.textContent = words.title = text;
      if (url) words.href = new URL(url.replace(/^\//, ""), window.__md_scope.href.replace(/\/?$/, "/")).href;
      item.append(words);
      if (note) item.append(Object.assign(document.createElement("small"), { textContent: note }));
      return item;
    };
    const on = (at) => (at ? day.format(new Date(at)) : "");
    const lists = {
      needs: [
        ...(home.suggestions ? [line(home.suggestions === 1 ? "1 suggestion" : `${home.suggestions} suggestions`, "/app/review")] : []),
        ...home.overdue.slice(0, home.suggestions ? 3 : 4).map((item) => line(`Review ${item.title}`, item.url, `due ${on(item.at)}`)),
      ],
      changed: home.changed.map((item) => line(item.title, item.url, on(item.at))),
      decisions: home.decisions.map((item) => line(item.title, item.url, on(item.at))),
      blockers: home.blockers.map((item) => line(item.title, item.url, on(item.at) && `since ${on(item.at)}`)),
    };
    for (const [name, items] of Object.entries(lists)) {
      document.querySelector(`[data-kh-list="${name}"]`).replaceChildren(...(items.length ? items : [line("Nothing")]));
    }
  };
  if (location.protocol === "file:") return;
  if (document.querySelector("[data-kh-home]") && !root.classList.contains("kh-static")) {
    fetch(new URL("api/v1/home", window.__md_scope.href.replace(/\/?$/, "/")), { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok && (answer.headers.get("Content-Type") || "").includes("json") ? answer.json() : null))
      .then((home) => home && fillHome(home))
      .catch(() => {});
  }
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
