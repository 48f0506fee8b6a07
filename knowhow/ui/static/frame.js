// On every page of the app: times in the reader's own zone, and a word where the connection is lost.
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
  const start = () => {
    new MutationObserver(() => localise(document)).observe(document.body, { childList: true, subtree: true });
    localise(document);
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
