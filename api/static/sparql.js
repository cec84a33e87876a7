// The query editor: YASGUI on our own endpoint, with our prefixes. Its completers that ask other hosts are left out.
"use strict";
(() => {
  const box = document.getElementById("yasgui"), form = document.getElementById("sparql-form");
  if (!box || !window.Yasgui) return;
  const area = document.getElementById("query"), endpoint = new URL("/sparql", location.href).href;
  Yasgui.Yasqe.defaults.autocompleters = ["variables", "prefixes"];
  Yasgui.Yasqe.defaults.value = area.value;
  Yasgui.Yasqe.defaults.createShareableLink = null;
  box.hidden = false;
  form.classList.add("with-editor");
  const yasgui = new Yasgui(box, {
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: true,
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    persistenceId: null,
    autofocus: false,
  });
  const editor = () => yasgui.getTab().getYasqe();
  const put = (text) => { editor().setValue(text); };
  put(area.value);
  for (const field of box.querySelectorAll("textarea")) if (!field.labels.length) field.setAttribute("aria-label", box.getAttribute("aria-label"));
  form.addEventListener("submit", () => { area.value = editor().getValue(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-example]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    put(link.closest("details").querySelector("code").textContent);
    history.replaceState(null, "", link.getAttribute("href"));
    box.scrollIntoView({ block: "start" });
    editor().focus();
  });
  window.vanbanSparql = { yasgui, editor, put };
})();
