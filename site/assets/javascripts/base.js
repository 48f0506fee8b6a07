// What Material's bundle expects to find: a scope and its small store (partials/javascripts/base.html of the theme).
window.__md_scope = new URL(document.currentScript.dataset.base || ".", location);
window.__md_hash = (text) => [...text].reduce((hash, char) => (hash << 5) - hash + char.charCodeAt(0), 0);
window.__md_get = (key, storage, scope) => {
  try {
    return JSON.parse((storage || localStorage).getItem((scope || window.__md_scope).pathname + "." + key));
  } catch {
    return null;
  }
};
window.__md_set = (key, value, storage, scope) => {
  try {
    (storage || localStorage).setItem((scope || window.__md_scope).pathname + "." + key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the choice lasts for this page.
  }
};
// Set before anything is drawn, so that a static export does not show links that need a server.
if (location.protocol === "file:" || window.__md_get("__kh_static", sessionStorage)) {
  document.documentElement.classList.add("kh-static");
}
