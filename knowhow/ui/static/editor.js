// Work in the editor is never lost: what is typed is kept in this browser until it is saved, and offered again after whatever happened.
(() => {
  const KEEP_EVERY_MS = 400;
  const ANSWER_MS = 200;
  const LOST = "No connection to the server. Your text is kept in this browser; save again when the server is back.";
  let page = null; // {path, element, base, saved}: set by khEditor.start
  let dirty = false;
  let leaving = false;
  let lost = 0;
  let kept = null; // the document as it was last looked at

  const tab = Math.random().toString(36).slice(2); // a new one each time the page is loaded
  const prefix = () => `knowhow.draft:${page.path}:`;
  const view = () => getElement(page.element)?.editor;
  const text = () => view().state.doc.toString();
  const byTestId = (id) => document.querySelector(`[data-testid="${id}"]`);
  const say = (words) => {
    const state = byTestId("state");
    if (state && state.textContent !== words) state.textContent = words;
  };

  const keep = () => {
    const editor = page && view();
    if (!editor || leaving || editor.state.doc === kept) return;
    kept = editor.state.doc;
    const now = kept.toString();
    dirty = now !== page.saved;
    try {
      if (dirty) {
        const message = document.querySelector('[aria-label="What changed"]')?.value ?? "";
        localStorage.setItem(prefix() + tab, JSON.stringify({ text: now, base: page.base, message, at: new Date().toISOString() }));
        say("Not saved yet; kept in this browser");
      } else {
        localStorage.removeItem(prefix() + tab);
        say(page.base ? "No changes" : "Not saved yet");
      }
    } catch {
      say("Not saved yet, and this browser has no room to keep it");
    }
  };

  const drafts = () =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix()))
      .map((key) => {
        try {
          return { key, tab: key.slice(prefix().length), ...JSON.parse(localStorage.getItem(key)) };
        } catch {
          return { key };
        }
      })
      .filter((draft) => {
        const useful = typeof draft.text === "string" && draft.text !== page.saved;
        if (!useful) localStorage.removeItem(draft.key);
        return useful;
      })
      .sort((one, other) => (one.at < other.at ? 1 : -1));

  const put = (draft) => {
    const editor = view();
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: draft.text } });
    page.base = draft.base;
    emitEvent("kh-draft", { base: draft.base });
    const message = document.querySelector('[aria-label="What changed"]');
    if (message && draft.message) {
      message.value = draft.message;
      message.dispatchEvent(new Event("input"));
    }
    if (draft.tab !== tab) localStorage.removeItem(draft.key);
    keep();
  };

  const offer = (found) => {
    const note = document.getElementById("kh-draft");
    const draft = found[0];
    note.hidden = false;
    const time = note.querySelector("time");
    time.dateTime = draft.at;
    time.removeAttribute("title");
    time.textContent = new Date(draft.at).toLocaleString();
    note.querySelector("[data-kh-restore]").onclick = () => {
      put(draft);
      note.hidden = true;
      view().focus();
    };
    note.querySelector("[data-kh-discard]").onclick = () => {
      localStorage.removeItem(draft.key);
      note.hidden = true;
      if (found.length > 1) offer(found.slice(1));
    };
  };

  const channel = "BroadcastChannel" in window ? new BroadcastChannel("knowhow.editor") : null;
  const alive = new Set();
  channel?.addEventListener("message", ({ data }) => {
    if (!page || data.path !== page.path || data.tab === tab) return;
    if (data.asks) channel.postMessage({ path: page.path, tab: tab, dirty });
    else if (data.dirty) alive.add(data.tab);
  });

  window.khEditor = {
    start(options) {
      page = options;
      const wait = setInterval(() => {
        if (!view()) return;
        clearInterval(wait);
        channel?.postMessage({ path: page.path, tab: tab, asks: true });
        setTimeout(() => {
          if (alive.size) document.getElementById("kh-other-tab").hidden = false;
          const found = drafts().filter((draft) => !alive.has(draft.tab));
          if (found.length && sessionStorage.khBackAfterLoss === page.path) put(found[0]);
          else if (found.length) offer(found);
          delete sessionStorage.khBackAfterLoss;
          setInterval(keep, KEEP_EVERY_MS);
        }, ANSWER_MS);
      }, 50);
    },
    rebase(base) {
      page.base = base;
      kept = null;
      keep();
    },
    size: () => text().length,
    done(url) {
      leaving = true;
      localStorage.removeItem(prefix() + tab);
      location.assign(url);
    },
  };

  // Before the handlers of the page itself: without a connection nothing would be heard of a save.
  const stopped = () => {
    if (window.socket?.connected) return false;
    keep();
    say(LOST);
    return true;
  };
  document.addEventListener("click", (event) => event.target.closest?.('[data-testid="save"]') && stopped() && event.stopPropagation(), true);
  document.addEventListener("keydown", (event) => {
    if (!page || event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    byTestId("save")?.click();
  });
  document.addEventListener("visibilitychange", keep);
  window.addEventListener("pagehide", keep);
  window.addEventListener("beforeunload", (event) => {
    keep();
    if (!dirty || leaving) return;
    if (!window.socket?.connected || Date.now() - lost < 10_000) sessionStorage.khBackAfterLoss = page.path; // the server was gone, and the page loads itself anew
    else event.preventDefault();
  });
  document.addEventListener("kh-connection", (event) => {
    if (!page) return;
    lost = Date.now();
    if (event.detail === "lost") {
      kept = null;
      keep();
      if (dirty) say(LOST);
    } else {
      kept = null;
      keep();
    }
  });
})();
