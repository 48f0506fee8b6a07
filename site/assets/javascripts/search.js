// Search as you type: the server's search, or in a static export the index that was written with it.
(() => {
  const box = document.querySelector("[data-kh-search]");
  if (!box) return;
  const input = box.querySelector("input");
  const list = box.querySelector(".kh-search__results");
  const base = new URL(box.dataset.base.replace(/\/?$/, "/"), location);
  const directoryUrls = box.dataset.directoryUrls === "true";
  const isStatic = () => document.documentElement.classList.contains("kh-static");
  const LIMIT = 8;
  let timer = 0;
  let asked = null; // AbortController of the question under way
  let index = null; // promise of the static index
  let active = -1;

  const element = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text) node.textContent = text;
    return node;
  };

  const pageUrl = (path, anchor) => {
    let url = path.replace(/\.[^./]+$/, "");
    if (/(^|\/)(index|README)$/.test(url)) url = url.replace(/(index|README)$/, "") + (directoryUrls ? "" : "index.html");
    else url += directoryUrls ? "/" : ".html";
    return new URL(url.split("/").map(encodeURIComponent).join("/") + (anchor ? `#${encodeURIComponent(anchor)}` : ""), base).href;
  };

  // Snippets are HTML with <mark> only; take nothing else from them.
  const marked = (html) => {
    const node = element("span", "kh-search__snippet");
    const walk = (from, to) =>
      from.childNodes.forEach((child) => {
        if (child.nodeType === Node.TEXT_NODE) to.append(child.textContent);
        else if (child.nodeName === "MARK") to.append(element("mark", "", child.textContent));
        else walk(child, to);
      });
    walk(new DOMParser().parseFromString(html, "text/html").body, node);
    return node;
  };

  const fromServer = async (query, signal) => {
    const url = new URL("api/v1/search", base);
    url.search = new URLSearchParams({ q: query, limit: LIMIT, prefix: "true" });
    const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`The search answered with ${answer.status}.`);
    const { hits } = await answer.json();
    return hits.map((hit) => ({
      url: pageUrl(hit.page, hit.anchor),
      title: hit.title,
      section: hit.section,
      kind: hit.kind,
      stale: hit.stale,
      snippet: marked(hit.snippet || ""),
    }));
  };

  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];

  const fromIndex = async (query) => {
    index = index || fetch(new URL("search/search_index.json", base)).then((answer) => answer.json());
    const { pages } = await index.catch((error) => {
      index = null;
      throw error;
    });
    const terms = words(query);
    if (!terms.length) return [];
    const found = [];
    for (const [url, title, kind, sections] of pages) {
      for (const [anchor, heading, text] of sections) {
        const score = rank(terms, title, heading, text);
        if (score) found.push({ score, url, title, kind, anchor, heading, text });
      }
    }
    found.sort((a, b) => b.score - a.score || a.url.localeCompare(b.url));
    return found.slice(0, LIMIT).map((hit) => ({
      url: new URL(hit.url + (hit.anchor ? `#${encodeURIComponent(hit.anchor)}` : ""), base).href,
      title: hit.title,
      section: hit.heading,
      kind: hit.kind,
      snippet: excerpt(hit.text, terms),
    }));
  };

  // Every term must start a word of the section, its heading or the page's title.
  const rank = (terms, title, heading, text) => {
    const fields = [[words(title), 3], [words(heading), 4], [words(text), 1]];
    let score = 0;
    for (const term of terms) {
      let best = 0;
      for (const [list, weight] of fields) {
        const hits = list.filter((word) => word.startsWith(term));
        if (hits.length) best += weight * (1 + Math.log(hits.length) / 4 + (hits.includes(term) ? 1 : 0));
      }
      if (!best) return 0;
      score += best;
    }
    return score;
  };

  const excerpt = (text, terms) => {
    const node = element("span", "kh-search__snippet");
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${terms.join("|")})`, "giu");
    const first = Math.max(0, text.search(pattern));
    const start = first > 60 ? text.indexOf(" ", first - 60) + 1 : 0;
    const part = text.slice(start, start + 180);
    let at = 0;
    for (const match of part.matchAll(pattern)) {
      node.append(part.slice(at, match.index), element("mark", "", match[0]));
      at = match.index + match[0].length;
    }
    node.append(part.slice(at));
    return node;
  };

  const option = (url, number) => {
    const link = element("a", "kh-search__hit");
    link.href = url;
    link.id = `kh-search-hit-${number}`;
    link.setAttribute("role", "option");
    link.tabIndex = -1;
    return link;
  };

  const show = (query, hits, problem) => {
    list.replaceChildren();
    if (problem) list.append(element("p", "kh-search__note kh-search__note--problem", problem));
    else if (!hits.length) list.append(element("p", "kh-search__note", "Nothing found."));
    hits.forEach((hit, number) => {
      const link = option(hit.url, number);
      const head = element("span", "kh-search__title", hit.title);
      if (hit.section && hit.section !== hit.title) head.append(element("span", "kh-search__section", hit.section));
      if (hit.stale) head.append(element("span", "kh-stale", "review overdue"));
      link.append(head, hit.snippet);
      list.append(link);
    });
    if (!isStatic()) {
      const link = option(new URL(`app/ask?${new URLSearchParams({ q: query })}`, base).href, hits.length);
      link.classList.add("kh-search__ask");
      link.append("Ask: ", element("strong", "", query));
      list.append(link);
    }
    open(true);
  };

  const open = (shown) => {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    select(-1);
  };

  const select = (number) => {
    const options = [...list.querySelectorAll("[role=option]")];
    active = options.length ? Math.max(-1, Math.min(number, options.length - 1)) : -1;
    options.forEach((link, n) => link.setAttribute("aria-selected", String(n === active)));
    if (active >= 0) {
      input.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
    return options[active];
  };

  const run = async () => {
    const query = input.value.trim();
    if (asked) asked.abort();
    if (!query) return open(false);
    asked = new AbortController();
    const { signal } = asked;
    try {
      const hits = isStatic() ? await fromIndex(query) : await fromServer(query, signal).catch((error) => {
        if (signal.aborted) throw error;
        return fromIndex(query); // no server behind this page
      });
      if (!signal.aborted) show(query, hits);
    } catch {
      if (!signal.aborted) show(query, [], location.protocol === "file:" ? "Search needs a web server." : "Search does not answer.");
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(run, 90);
  });
  input.addEventListener("focus", () => input.value.trim() && list.childElementCount && open(true));
  input.addEventListener("keydown", async (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(timer);
      if (active < 0) await run();
      const link = active >= 0 ? select(active) : list.querySelector("[role=option]");
      if (link) location.assign(link.href);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (list.hidden) input.blur();
      else open(false);
    }
    event.stopPropagation(); // the theme has shortcuts of its own for letters
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  document.addEventListener("click", (event) => box.contains(event.target) || open(false));
})();
