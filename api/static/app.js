// What a browser with scripts gets beside the pages: suggestions, a card on each citation, copying, printing.
// Nothing here is needed to search, to read or to trace.
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const place = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(place.textContent.trim());
      } catch {
        const range = document.createRange();
        range.selectNodeContents(place);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        return;
      }
      const words = button.textContent;
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }

  // What is folded away on the screen is printed: engines without ::details-content need it open.
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("main details:not([open])")) {
      folded.dataset.folded = "";
      folded.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const folded of document.querySelectorAll("details[data-folded]")) {
      delete folded.dataset.folded;
      folded.open = false;
    }
  });

  suggest(document.querySelector("[data-suggest]"));
  cards(document.querySelector(".text"));
  if (innerWidth <= 1000) {
    const box = document.querySelector(".facet-box");
    if (box) box.open = false;
  }

  sheets(document.querySelector("[data-sheet]"));

  // The picture of the page that the place in the address stands on; a page number shows its page, again opens it.
  function sheets(frame) {
    if (!frame) return;
    const picture = frame.querySelector("img");
    const numbers = [...document.querySelectorAll(".sheets a")];
    function turn(page) {
      frame.href = `${frame.dataset.sheet}${page}.png?dpi=150`;
      picture.src = `${frame.dataset.sheet}${page}.png?dpi=50`;
      picture.alt = picture.dataset.alt.replace("{page}", page);
      for (const one of numbers) {
        if (one.dataset.page === String(page)) one.setAttribute("aria-current", "true");
        else one.removeAttribute("aria-current");
      }
    }
    for (const one of numbers) {
      one.addEventListener("click", (event) => {
        if (one.hasAttribute("aria-current") || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        turn(one.dataset.page);
      });
    }
    function follow() {
      const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!place || !place.closest(".text")) return;
      let page = 1;
      for (const mark of document.querySelectorAll(".text [data-page]")) {
        if (mark !== place && !(mark.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
        page = mark.dataset.page;
      }
      turn(page);
    }
    addEventListener("hashchange", follow);
    if (location.hash) follow();
  }

  // A list under the search box, after the combobox pattern: arrows choose, Enter takes, Escape closes.
  function suggest(input) {
    if (!input) return;
    const list = document.getElementById("goi-y");
    let timer = 0;
    let asked = 0;
    let chosen = -1;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    const options = () => [...list.querySelectorAll("[role=option]")];
    function show(open) {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) choose(-1);
    }
    function choose(place) {
      const all = options();
      chosen = all.length ? (place + all.length + 1) % (all.length + 1) : -1;
      if (place < 0 || chosen === all.length) chosen = place < -1 ? all.length - 1 : -1;
      all.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
      if (chosen >= 0) {
        input.setAttribute("aria-activedescendant", all[chosen].id);
        all[chosen].scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }
    function take(option) {
      if (option.dataset.href) {
        location.assign(option.dataset.href);
        return;
      }
      input.value = option.dataset.text;
      show(false);
      input.form.requestSubmit();
    }
    async function ask() {
      const typed = input.value.trim();
      const mine = ++asked;
      if (typed.length < 2) {
        show(false);
        return;
      }
      let answer;
      try {
        answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`);
      } catch {
        return;
      }
      if (!answer.ok || mine !== asked) return;
      list.innerHTML = await answer.text(); // our own fragment, escaped where it was made
      if (mine === asked) show(options().length > 0 && document.activeElement === input);
    }
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 120);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") choose(chosen + 1);
      else if (event.key === "ArrowUp") choose(chosen === -1 ? -2 : chosen - 1);
      else if (event.key === "Escape") show(false);
      else if (event.key === "Enter" && chosen >= 0) take(options()[chosen]);
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        event.preventDefault();
        take(option);
      }
    });
    input.addEventListener("blur", () => show(false));
  }

  // Pointing at a citation, or reaching it by keyboard, shows what it cites, as what, and how sure that is.
  function cards(text) {
    if (!text) return;
    let card = null;
    let timer = 0;
    function close() {
      card?.remove();
      card = null;
    }
    function line(words, strong) {
      const paragraph = document.createElement("p");
      const inside = strong ? document.createElement("b") : paragraph;
      inside.textContent = words;
      if (strong) paragraph.append(inside);
      return paragraph;
    }
    function open(link) {
      close();
      if (!link.dataset.work) return;
      card = document.createElement("div");
      card.className = "card";
      card.id = "the-vien-dan";
      card.append(line(`${link.dataset.relation}: ${link.dataset.work}`, true));
      if (link.dataset.about) card.append(line(link.dataset.about));
      const foot = line(`${text.dataset.sure}: ${link.dataset.sure}`);
      const report = document.createElement("a");
      report.href = `/bao-sai?lien-ket=${encodeURIComponent(link.dataset.link)}`;
      report.textContent = text.dataset.report;
      report.className = "report";
      foot.append(" · ", report);
      card.append(foot);
      const box = link.getClientRects()[0];
      card.style.setProperty("left", `${Math.max(8, Math.min(box.left, innerWidth - 440)) + scrollX}px`);
      document.body.append(card);
      const above = box.top > innerHeight - card.offsetHeight - 40;
      card.style.setProperty("top", `${(above ? box.top - card.offsetHeight - 4 : link.getBoundingClientRect().bottom + 4) + scrollY}px`);
      card.addEventListener("mouseenter", () => clearTimeout(timer));
      card.addEventListener("mouseleave", later);
    }
    function later() {
      clearTimeout(timer);
      timer = setTimeout(close, 250);
    }
    for (const link of text.querySelectorAll("a.cite")) {
      link.dataset.title = link.title;
      link.setAttribute("aria-description", link.title);
      link.removeAttribute("title"); // the card says the same
      link.addEventListener("mouseenter", () => {
        clearTimeout(timer);
        timer = setTimeout(() => open(link), 150);
      });
      link.addEventListener("mouseleave", later);
      link.addEventListener("focus", () => open(link));
      link.addEventListener("blur", later);
    }
    addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  }
})();
