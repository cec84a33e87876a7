// The upload form with drag and drop and progress; without this script the same form is sent as it stands.
"use strict";

(() => {
  const form = document.getElementById("nap");
  const outcome = document.getElementById("ket-qua-nap");
  const waiting = outcome?.querySelector("[data-job][data-state=queued], [data-job][data-state=running]");
  if (waiting) follow(waiting.dataset.job);
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector(".drop");
  const list = form.querySelector(".chosen-files");
  const status = form.querySelector(".outcome");
  const box = form.querySelector(".progress");
  const bar = box.querySelector("progress");

  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      shown();
    }
  });
  input.addEventListener("change", shown);

  function shown() {
    list.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name} (${Math.max(1, Math.round(file.size / 1024))} kB)`;
      return line;
    }));
  }

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    const said = form.dataset.sending.replace("{name}", input.files.length > 1 ? String(input.files.length) : input.files[0].name);
    request.open("POST", form.dataset.api);
    request.setRequestHeader("X-CSRF-Token", form.elements.csrf.value);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total;
    });
    request.addEventListener("load", () => {
      box.hidden = true;
      form.querySelector("[type=submit]").disabled = false;
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* not ours */ }
      if (request.status === 202) {
        status.textContent = form.dataset.reading;
        follow(answer.id);
      } else if (request.status === 401) {
        location.assign("/dang-nhap?tiep=%2Fnap&het-han=1");
      } else {
        status.textContent = answer.detail || form.dataset.failed;
      }
    });
    request.addEventListener("error", () => {
      box.hidden = true;
      form.querySelector("[type=submit]").disabled = false;
      status.textContent = form.dataset.failed;
    });
    box.hidden = false;
    box.querySelector("label").textContent = said;
    form.querySelector("[type=submit]").disabled = true;
    status.textContent = said;
    request.send(new FormData(form));
  });

  async function follow(job) {
    for (let pause = 300; ; pause = Math.min(pause * 1.3, 3000)) {
      let answer;
      try {
        answer = await fetch(`/nap/viec/${encodeURIComponent(job)}`);
      } catch {
        await new Promise((done) => { setTimeout(done, pause); });
        continue;
      }
      if (!answer.ok) return;
      outcome.innerHTML = await answer.text(); // our own fragment, escaped where it was made
      const state = outcome.querySelector("[data-state]")?.dataset.state;
      if (state !== "queued" && state !== "running") {
        const told = form?.querySelector(".outcome");
        if (told) told.textContent = form.dataset.done;
        return;
      }
      await new Promise((done) => { setTimeout(done, pause); });
    }
  }
})();
