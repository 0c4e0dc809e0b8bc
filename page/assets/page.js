/* What happens on the page beside the conversation itself: language, views, the document, its ribbon, copying, links.
   Gradio owns the chat; this script reads what it has drawn and never writes into a message. */
"use strict";
(() => {
  const TEXTS = JSON.parse(document.getElementById("page-texts").textContent);
  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  const say = (name, values = {}) =>
    Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, value), TEXTS[root.dataset.ui][name]);
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const bring = (element) => element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "center" });

  /* ---- language, theme, views ---- */

  function useLanguage(language) {
    root.lang = language;
    root.dataset.ui = language;
    document.cookie = `nanguan-language=${language}; path=/; SameSite=Strict`; // for what the server itself refuses
    document.title = say("title");
    all(".language").forEach((button) => button.setAttribute("aria-pressed", button.lang === language));
    useLabels();
    all("#chat [data-testid=user], #chat [data-testid=bot]").forEach(nameMessage);
    nameRibbon();
  }

  /* Gradio draws its own labels anew when it likes. */
  function useLabels() {
    label("#question textarea", { placeholder: say("placeholder"), "aria-label": say("question") });
    label("#chat [role=log]", { "aria-label": say("conversation") });
    const send = one("#send");
    if (send && send.textContent.trim() !== say("ask")) send.textContent = say("ask");
  }

  function label(selector, attributes) {
    all(selector).forEach((element) => {
      for (const [name, value] of Object.entries(attributes)) {
        if (element.getAttribute(name) !== value) element.setAttribute(name, value);
      }
    });
  }

  function useView(view) {
    document.body.dataset.view = view;
    all(".view").forEach((button) => button.setAttribute("aria-pressed", button.id === `view-${view}`));
    if (view === "document") showDocument();
  }

  function useTheme() {
    const dark = document.body.classList.toggle("dark");
    keep("nanguan-theme", dark ? "dark" : "light");
  }

  /* A message is called by who speaks, not by its whole markup, which is what Gradio gives it for a name. */
  function nameMessage(message) {
    const name = say(message.dataset.testid === "user" ? "asked" : "answer");
    if (message.getAttribute("aria-label") !== name) message.setAttribute("aria-label", name);
    if (!message.hasAttribute("role")) message.setAttribute("role", "group");
  }

  /* ---- asking ---- */

  function ask(question) {
    const box = one("#question textarea");
    useView("chat");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, question);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => one("#send").click());
  }

  /* ---- answers ---- */

  let current = null; // what the page knows of the answer that the ribbon shows

  function dataOf(element) {
    const data = one(".data", element.closest(".answer"));
    return data && JSON.parse(data.textContent);
  }

  function light(element) {
    all(".lit").forEach((lit) => lit.classList.remove("lit"));
    element.classList.add("lit");
    bring(element);
    element.setAttribute("tabindex", "-1");
    element.focus({ preventScroll: true });
  }

  let turns = 0;

  function onAnswers() {
    useLabels();
    const asked = all("#chat [data-testid=user]");
    if (asked.length > turns) asked.at(-1).closest(".message-row").scrollIntoView({ block: "start" });
    turns = asked.length;
    all("#chat [data-testid=user], #chat [data-testid=bot]").forEach(nameMessage);
    const answers = all("#chat .answer");
    document.body.classList.toggle("talking", answers.length > 0);
    const last = answers.at(-1);
    const data = last && dataOf(last);
    if (data && (!current || current.question !== data.question)) use(data);
  }

  async function copy(button, text, done) {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = done;
    } catch {
      button.textContent = say("no copy");
    }
    setTimeout(() => { button.textContent = before; }, 1600);
  }

  /* ---- the document and its ribbon ---- */

  const pane = () => one("#page-document");
  const shown = () => one(".document", pane());
  let loading = null;

  async function showDocument(number = null) {
    if (number === null && shown()) return shown();
    if (number !== null && shown()?.id === `document-${number}`) return shown();
    loading = (loading || Promise.resolve()).then(async () => {
      if (shown() && (number === null || shown().id === `document-${number}`)) return;
      const answer = await fetch(`document/${number ?? 0}`);
      if (!answer.ok) return;
      pane().innerHTML = await answer.text(); // made by the server, every character of a document escaped
      all(".cell", pane()).forEach((cell, place) => { cell.tabIndex = place ? -1 : 0; });
      colour();
    });
    await loading;
    return shown();
  }

  async function showSentence(anchor) {
    useView("document");
    await showDocument();
    const sentence = document.getElementById(anchor);
    if (sentence) light(sentence);
  }

  /* Makes an answer the one whose fit the ribbon shows. */
  async function use(data) {
    current = data;
    const wanted = data.cited.length ? `&document=${encodeURIComponent(data.cited[0][0])}` : "";
    const answer = await fetch(`relevance?q=${encodeURIComponent(data.question)}${wanted}`).catch(() => null);
    if (!answer?.ok || current !== data) return;
    const { document: number, fits } = await answer.json();
    current.fits = new Map(fits);
    if (number !== null) await showDocument(number);
    colour();
  }

  function colour() {
    if (!current?.fits || !shown()) return;
    const id = one(".of", shown()).textContent;
    const cited = new Set(current.cited.filter(([document]) => document === id).map(([, start]) => `s${start}`));
    all(".cell", shown()).forEach((cell) => {
      const anchor = cell.hash.slice(1);
      cell.style.setProperty("--fit", current.fits.get(Number(anchor.slice(1))) ?? 0);
      cell.classList.toggle("cited", cited.has(anchor));
    });
    all(".row", shown()).forEach((row) => row.classList.toggle("cited", cited.has(row.id)));
    nameRibbon();
  }

  function nameRibbon() {
    const title = one(".ribbon-title", pane());
    if (title && current?.fits) title.textContent = say("relevance", { question: current.question });
  }

  /* ---- clicks and keys ---- */

  const CLICKS = {
    ".language": (button) => { keep("nanguan-language", button.lang); useLanguage(button.lang); },
    "#theme": useTheme,
    ".view": (button) => useView(button.id.replace("view-", "")),
    ".ask-this": (button) => ask(button.textContent),
    ".ask-about": askAbout,
    ".marker": (link) => light(document.getElementById(link.hash.slice(1))),
    ".show": showFrom,
    ".cell, .contents a": (link) => showSentence(link.hash.slice(1)),
    ".anchor": (link) => {
      history.replaceState(null, "", link.hash);
      copy(one(`.ui[lang="${root.dataset.ui}"]`, link), link.href, say("link copied"));
      light(document.getElementById(link.hash.slice(1)));
    },
    ".copy": (button) => copy(button, dataOf(button).copy, say("copied")),
    ".permalink": (link) => copy(link, new URL(link.getAttribute("href"), location.href).href, say("link copied")),
  };

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    for (const [selector, act] of Object.entries(CLICKS)) {
      const element = event.target.closest?.(selector);
      if (!element) continue;
      event.preventDefault();
      event.stopPropagation();
      act(element);
      return;
    }
  }, true);

  async function showFrom(link) {
    const data = dataOf(link);
    if (data && data.question !== current?.question) await use(data);
    const id = one(".of", link).textContent;
    if (shown() && one(".of", shown()).textContent !== id) {
      const option = all("#choose option").find((each) => each.dataset.id === id || each.textContent === id);
      if (option) await showDocument(Number(option.value));
    }
    showSentence(link.hash.slice(1));
  }

  function askAbout(button) {
    const question = one(`.asks[lang="${root.dataset.ui}"]`, button);
    if (question) { ask(question.textContent); return; }
    const box = one("#question textarea");
    useView("chat");
    box.focus();
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(
      box, one(".original", button.closest(".row")).textContent.slice(0, 200));
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.select();
  }

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.(".cell");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!cell || !step) return;
    const cells = all(".cell", shown());
    const next = cells[cells.indexOf(cell) + step];
    if (!next) return;
    event.preventDefault();
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "choose") showDocument(Number(event.target.value));
  });

  addEventListener("hashchange", () => { if (/^#s\d+$/.test(location.hash)) showSentence(location.hash.slice(1)); });

  /* ---- getting ready ---- */

  async function watch() {
    const status = one("#status");
    const state = await fetch("healthz").then((answer) => answer.json()).catch(() => null);
    if (!status) { setTimeout(watch, 200); return; }
    status.hidden = state?.status === "ready";
    if (!state) status.textContent = say("gone");
    else if (state.status === "failed") status.textContent = state.message;
    else if (state.total) status.textContent = say("building", state);
    else if (state.status === "warming") status.textContent = say("warming");
    if (state?.status !== "ready" && state?.status !== "failed") setTimeout(watch, 500);
  }

  function begin() {
    useLanguage(root.dataset.ui);
    useView("chat");
    watch();
    new MutationObserver(onAnswers).observe(one("#talk"), { childList: true, subtree: true });
    const wide = matchMedia("(min-width: 1400px)");
    const spread = () => { if (wide.matches) showDocument(); };
    wide.addEventListener("change", spread);
    spread();
    if (/^#s\d+$/.test(location.hash)) showSentence(location.hash.slice(1));
    if (matchMedia("(hover: hover)").matches) one("#question textarea").focus({ preventScroll: true });
    const question = new URLSearchParams(location.search).get("q");
    if (question) ask(question);
  }

  /* Gradio draws the page some time after this script has run. */
  const drawn = new MutationObserver(() => {
    if (!one("#question textarea") || !one("#send") || !one("#masthead .language") || !pane()) return;
    drawn.disconnect();
    begin();
  });
  drawn.observe(document, { childList: true, subtree: true });
})();
