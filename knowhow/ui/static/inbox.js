// The Inbox's form: a text or files go to the server over HTTP, each with its progress, and nothing that fails stays silent.
(() => {
  const API = "/api/v1/updates";
  const byId = (id) => document.getElementById(id);
  const megabytes = (bytes) => (bytes / 1e6).toLocaleString(undefined, { maximumFractionDigits: 1 });
  const LOST = "There is no connection to the server. Nothing was sent, and nothing is lost: try again in a moment.";

  const problem = (text) => {
    const line = byId("kh-paste-problem");
    line.textContent = text;
    line.hidden = !text;
    byId("kh-paste").setAttribute("aria-invalid", text ? "true" : "false");
  };

  // One request: gives what the server said, or throws what can be shown. XMLHttpRequest, since fetch tells no progress of sending.
  const send = (body, headers, progress) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", API);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onerror = () => reject(new Error(LOST));
      request.onload = () => {
        let answer = null;
        try {
          answer = JSON.parse(request.responseText);
        } catch {
          // Not from Knowhow: the status says enough.
        }
        if (request.status === 202 && answer) resolve(answer);
        else reject(new Error(answer ? `${answer.detail} ${answer.hint || ""}` : `The server refused it (${request.status}).`));
      };
      request.send(body);
    });

  // A line for what is being sent; it stays where it failed, with what to do.
  const line = (name) => {
    const item = document.createElement("li");
    item.className = "kh-card kh-sending";
    item.innerHTML =
      '<div class="kh-row"><strong></strong><progress max="1" value="0"></progress><span class="kh-quiet"></span></div><p class="kh-note kh-red" hidden></p><div class="kh-row" hidden></div>';
    item.querySelector("strong").textContent = name;
    byId("kh-sending").append(item);
    const bar = item.querySelector("progress");
    const state = item.querySelector("span");
    bar.setAttribute("aria-label", `Sending ${name}`);
    return {
      item,
      progress: (part) => {
        if (part < 1) bar.value = part;
        else bar.removeAttribute("value");
        state.textContent = part < 1 ? `sending, ${Math.round(part * 100)} %` : "sent, being taken in …";
      },
      failed: (message, again) => {
        bar.remove();
        state.textContent = "not taken in";
        const note = item.querySelector("p");
        note.textContent = message;
        note.hidden = false;
        const row = item.lastElementChild;
        row.hidden = false;
        const button = (text, act) => {
          const made = Object.assign(document.createElement("button"), { type: "button", className: "kh-button kh-button--quiet", textContent: text });
          made.addEventListener("click", act);
          row.append(made);
        };
        button("Try again", () => {
          item.remove();
          again();
        });
        button("Dismiss", () => item.remove());
      },
    };
  };

  const tell = (answer, name) => emitEvent("kh-sent", { ids: answer.updates, known: answer.status === "done", name });

  const sendFile = async (file) => {
    const shown = line(file.name);
    const limit = Number(byId("kh-bring").dataset.fileLimit);
    if (file.size > limit) {
      shown.failed(`This file has ${megabytes(file.size)} MB; at most ${megabytes(limit)} MB are taken. Send it in parts.`, () => sendFile(file));
      return;
    }
    const form = new FormData();
    form.append("files", file);
    try {
      tell(await send(form, {}, shown.progress), file.name);
      shown.item.remove();
    } catch (error) {
      shown.failed(error.message, () => sendFile(file));
    }
  };

  const sendText = async () => {
    const box = byId("kh-paste");
    const text = box.value;
    const limit = Number(byId("kh-bring").dataset.textLimit);
    const size = new Blob([text]).size;
    if (!text.trim()) problem("There is nothing to read yet: paste a text into the box, or choose files.");
    else if (size > limit)
      problem(`This text has ${megabytes(size)} MB; at most ${megabytes(limit)} MB can be read at once. Bring it in in parts.`);
    else {
      problem("");
      const button = byId("kh-send");
      const shown = line("Your text");
      button.disabled = true;
      try {
        const channel = byId("kh-channel").value;
        const body = JSON.stringify(channel ? { text, channel } : { text });
        tell(await send(body, { "Content-Type": "application/json" }, shown.progress), "This text");
        if (box.value === text) box.value = "";
      } catch (error) {
        problem(error.message);
      }
      shown.item.remove();
      button.disabled = false;
      return;
    }
    box.focus();
  };

  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const dropping = (on) => document.documentElement.classList.toggle("kh-dropping", on);
  let depth = 0;

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "kh-bring") return;
    event.preventDefault();
    sendText();
  });
  document.addEventListener("input", (event) => event.target.id === "kh-paste" && problem(""));
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "kh-paste" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) sendText();
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "kh-files") return;
    [...event.target.files].forEach(sendFile);
    event.target.value = "";
  });
  document.addEventListener("click", (event) => {
    const example = event.target.closest?.("[data-kh-example]");
    if (!example) return;
    byId("kh-paste").value = example.dataset.khExample;
    sendText();
  });
  document.addEventListener("dragenter", (event) => {
    if (holdsFiles(event)) dropping(++depth > 0);
  });
  document.addEventListener("dragleave", (event) => {
    if (holdsFiles(event)) dropping((depth = Math.max(0, depth - 1)) > 0);
  });
  document.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    dropping(((depth = 0), false));
    [...event.dataTransfer.files].forEach(sendFile);
  });
})();
