// On every page of the app: times in the reader's own zone, and names for the editors.
(() => {
  const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
  const dayYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
  const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

  const said = (at) => {
    const now = new Date();
    if (at.toDateString() === now.toDateString()) return `today, ${clock.format(at)}`;
    return `${(at.getFullYear() === now.getFullYear() ? day : dayYear).format(at)}, ${clock.format(at)}`;
  };
  const localise = (root) => {
    for (const time of root.querySelectorAll("time[data-kh-local]:not([title])")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.valueOf())) continue;
      time.textContent = said(at);
      time.title = whole.format(at);
    }
  };
  const name = () => {
    for (const content of document.querySelectorAll(".cm-content:not([aria-label])")) {
      content.setAttribute("aria-label", "Text of the page");
      content.closest(".cm-scroller").tabIndex = 0;
    }
  };
  const start = () => {
    const look = () => (localise(document), name());
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    look();
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();

// A lost connection is said in words on every page; `kh-connection` tells the page's own script.
(() => {
  const banner = Object.assign(document.createElement("div"), { className: "kh-lost", hidden: true });
  banner.setAttribute("role", "alert");
  const tell = (detail) => document.dispatchEvent(new CustomEvent("kh-connection", { detail }));
  const wait = setInterval(() => {
    if (!window.socket) return;
    clearInterval(wait);
    document.body.append(banner);
    window.socket.on("disconnect", () => {
      banner.textContent = "The connection to the server is lost. Trying again …";
      banner.hidden = false;
      tell("lost");
    });
    window.socket.on("connect", () => {
      banner.hidden = true;
      tell("back");
    });
  }, 100);
})();

// How many suggestions wait, counted anew after each decision.
document.addEventListener("kh-count", async () => {
  const badge = document.querySelector("[data-kh-review-count]");
  const answer = await fetch("/api/v1/suggestions?status=open&limit=100").catch(() => null);
  if (!badge || !answer?.ok) return;
  const { items, next } = await answer.json();
  badge.hidden = !items.length;
  badge.textContent = `${items.length}${next ? "+" : ""}`;
  badge.setAttribute("aria-label", `${badge.textContent} waiting`);
});

// What went wrong, until it is closed.
window.khSay = (words) => {
  document.querySelector(".kh-said")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "kh-said" });
  box.setAttribute("role", "alert");
  const close = Object.assign(document.createElement("button"), { type: "button", className: "kh-button kh-button--quiet", textContent: "Close" });
  close.addEventListener("click", () => box.remove());
  box.append(Object.assign(document.createElement("span"), { textContent: words }), close);
  document.body.append(box);
};
