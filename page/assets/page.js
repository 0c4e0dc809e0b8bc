/* What happens on the page beside the conversation itself: language, views, the document, its ribbon, copying, links.
   Gradio owns the chat; this script reads what it has drawn and writes into it nothing but names and labels. */
"use strict";
(() => {
  const TEXTS = JSON.parse(document.getElementById("page-texts").textContent);
  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const say = (name, values = {}) =>
    Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, () => value), TEXTS[root.dataset.ui][name]);
  const set = (element, name, value) => { if (element.getAttribute(name) !== value) element.setAttribute(name, value); };
  const narrow = matchMedia("(max-width: 640px)");
  const wide = matchMedia("(min-width: 1400px)"); // conversation and document side by side
  const box = () => one("#question textarea");

  /* ---- language, theme, views ---- */

  function useLanguage(language) {
    root.lang = language;
    root.dataset.ui = language;
    document.cookie = `nanguan-language=${language}; path=/; SameSite=Strict`; // for what the server itself refuses
    document.title = say("title");
    all(".language").forEach((button) => set(button, "aria-pressed", String(button.lang === language)));
    useLabels();
    nameRibbon();
    useColumns();
  }

  /* Gradio draws its own labels anew when it likes. */
  function useLabels() {
    if (box()) {
      set(box(), "placeholder", say("placeholder"));
      set(box(), "aria-label", say("question"));
    }
    const log = one("#chat [role=log]");
    if (log) {
      set(log, "aria-label", say("conversation"));
      set(log, "aria-live", "off"); // it would tell each piece of an answer; #announcement tells the whole, once
    }
    const send = one("#send");
    if (send && send.textContent.trim() !== say("ask")) send.textContent = say("ask");
    all("#chat [data-testid=user], #chat [data-testid=bot]").forEach(nameMessage);
    all("#chat .message-buttons").forEach(nameButtons);
  }

  /* A message is called by who speaks, not by its whole markup, which is what Gradio gives it for a name. */
  function nameMessage(message) {
    set(message, "aria-label", say(message.dataset.testid === "user" ? "asked" : "answer"));
    set(message, "role", "group");
  }

  /* Gradio's icons, in the page's language: its own names are in the language that the page was opened in, and some in
     English alone. They are told apart by their order. */
  function nameButtons(panel) {
    const icons = all(".icon-button-wrapper > .icon-button", panel);
    const judged = one(".extra-feedback", panel);
    const names = panel.classList.contains("message-buttons-right")
      ? icons.length > 1 ? ["submit", "cancel"] : ["edit"]
      : [...["retry", "undo"].slice(0, icons.length - (judged ? 2 : 0)), ...(judged ? ["dislike", "like"] : [])];
    icons.forEach((icon, place) => {
      const name = names[place];
      set(icon, "aria-label", say(name));
      set(icon, "title", say(name));
      icon.dataset.name = name;
      all("svg[aria-label]", icon).forEach((drawing) => drawing.removeAttribute("aria-label"));
      if (/like/.test(name)) set(icon, "aria-pressed", String(icon.style.color.includes("accent")));
    });
    for (const option of all(".extra-feedback-option", panel)) {
      if (option.firstChild.nodeValue !== say("wrong source")) option.firstChild.nodeValue = say("wrong source");
      set(option, "aria-pressed", String(option.style.fontWeight === "bold"));
    }
  }

  function useTheme() {
    const dark = document.body.classList.toggle("dark");
    keep("nanguan-theme", dark ? "dark" : "light");
  }

  let left = null; // what the reader left the conversation by, to come back to
  const scrolled = {}; // how far each view was, for a browser forgets it of what is hidden
  const scroller = (view) => one(view === "chat" ? "#chat .bubble-wrap" : "#reading");

  function turnTo(wanted) {
    const view = wide.matches ? "chat" : wanted; // side by side there is nothing to turn to
    const before = document.body.dataset.view;
    if (wanted === "document") showDocument();
    if (view === before) return;
    if (before) scrolled[before] = scroller(before)?.scrollTop;
    document.body.dataset.view = view;
    all(".view").forEach((button) => set(button, "aria-pressed", String(button.id === `view-${view}`)));
    if (scroller(view)) scroller(view).scrollTop = scrolled[view] ?? 0;
    if (view !== "chat") return;
    if (left?.isConnected) left.focus({ preventScroll: true });
    left = null;
    one("#unread").textContent = "";
  }

  /* ---- the history: a view that is opened is an entry of its own, so that Back leads to the one before ----
     The state of an entry: its view; `over`, whether the conversation is the entry below; of the document view the
     sentence that was opened, and the document's number. */

  function useView(view) {
    const before = document.body.dataset.view;
    turnTo(view);
    if (document.body.dataset.view === before) return;
    if (before) history.pushState({ view, over: before === "chat" }, "", address());
  }

  /* Leaves the document as Back does where it was opened from the conversation, so that no entries pile up. */
  function closeDocument() {
    if (document.body.dataset.view !== "document") return;
    if (!history.state?.over) { useView("chat"); return; }
    turnTo("chat");
    history.back();
  }

  /* Says in the entry of the document view what it shows, for Forward and for a reload. */
  function keepPlace(sentence) {
    if (document.body.dataset.view !== "document") return;
    history.replaceState({ ...history.state, sentence, document: numberShown() }, "", address());
  }

  /* The sentence that the address or a link names, and the number of its document: #s333 of the first, #d1s333 of the
     second. */
  const linked = (hash = location.hash) => {
    const [, document, sentence] = /^#(?:d(\d+))?(s\d+)$/.exec(hash) ?? [];
    return sentence && { sentence, document: Number(document ?? 0) };
  };
  const linkTo = (document, sentence) => `#${document ? `d${document}` : ""}${sentence}`;

  /* What the address asked for and is no longer so ("q", "lang"): it would come back on a reload. */
  const outdated = new Set();

  function outdate(name) {
    if (outdated.has(name)) return;
    outdated.add(name);
    history.replaceState(history.state, "", address());
  }

  /* The page's address as it still holds. A sentence is in the state of an entry once it is shown. */
  function address() {
    const parameters = new URLSearchParams(location.search);
    outdated.forEach((name) => parameters.delete(name));
    return location.pathname + (parameters.size ? `?${parameters}` : "");
  }

  /* The question that the page was opened with is asked anew on a reload as long as it is all that was asked. */
  function keepQuestion(asked) {
    const question = linkedQuestion();
    if (one("#chat .edit-textarea")) return; // not yet asked, and it may be cancelled
    if (question && (asked.length !== 1 || questionIn(asked[0]) !== question)) outdate("q");
  }

  /* The question in the page's address, as the page shows it: in one line. */
  const linkedQuestion = () => new URLSearchParams(location.search).get("q")?.replace(/[\r\n]/g, " ").trim();

  const questionIn = (row) => one("[data-testid=user]", row)?.textContent.trim();

  /* Shows what an entry of the history holds. */
  async function revisit(entry) {
    turnTo(entry.view);
    if (entry.view !== "document") return;
    await showDocument(entry.document ?? null);
    if (!shown() || numberShown() !== (entry.document ?? numberShown())) return; // it did not come
    const sentence = document.getElementById(entry.sentence);
    if (sentence?.classList.contains("lit")) sentence.focus({ preventScroll: true }); // the reader may have read on
    else if (sentence) bringAtOnce(sentence);
  }

  /* Opens the sentence that the address names. */
  function openLinked(over) {
    history.replaceState({ view: "document", over, ...linked() }, "", address());
    revisit(history.state);
  }

  addEventListener("popstate", ({ state }) => {
    if (!state?.view) return;
    history.replaceState(state, "", address());
    revisit(state);
  });
  addEventListener("hashchange", () => { // of an entry without a state: written into the address
    if (linked() && !history.state) openLinked(document.body.dataset.view === "chat");
  });

  /* ---- asking ---- */

  const queue = []; // questions that wait for the one before
  let underWay = null; // the question that is being answered; "" where it is an earlier one, asked again or edited
  let revised = null; // of an earlier one that was edited: its turn, as the page held it before, and what was written
  let dropped = false; // whether a new conversation was begun meanwhile

  function write(text, area = box()) {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function ask(question) {
    left = null;
    useView("chat");
    if (!put(question) && !box().value) write(question);
    focusBox();
  }

  /* Where a finger asks, the keyboard on the screen stays away. */
  function focusBox() {
    if (matchMedia("(hover: hover)").matches) box().focus({ preventScroll: true });
  }

  function askFromBox() {
    if (put(box().value)) write("");
    focusBox();
  }

  /* Has a question answered after those before it; says why, and returns false, where it is none. */
  function put(question) {
    if (!question.trim() || isTooLong(question)) return false;
    queue.push(question);
    next();
    return true;
  }

  function next() {
    if (underWay === null && queue.length) {
      underWay = queue.shift();
      one("#put").click();
    }
    document.body.classList.toggle("asking", underWay !== null);
    const items = queue.map((question) => Object.assign(document.createElement("li"), { textContent: question }));
    one("#waiting").replaceChildren(...items);
    set(one("#waiting"), "aria-label", say("waiting"));
  }

  function isTooLong(question) {
    const notice = one("#notice");
    const long = [...question].length > Number(notice.dataset.most);
    notice.textContent = long ? say("too long") : "";
    return long;
  }

  /* What neither HTML nor Markdown finds anything in, as page/html.py writes it; and back. */
  const inert = (text) =>
    text.replace(/[\p{C}\p{Z}]/gu, " ").replace(/[^\p{L}\p{N} ]/gu, (sign) => `&#${sign.codePointAt(0)};`);
  const plain = (text) => text.replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(number));

  /* What the events of page/blocks.py call: Gradio shows what is given back to it. */
  window.conversation = {
    show: (chat) => {
      heard = takingBack = false;
      const before = (chat ?? []).filter(({ role }) => role === "user").length;
      const question = { role: "user", content: [{ type: "text", text: inert(underWay) }] };
      return [underWay, before, root.dataset.ui, [...(chat ?? []), question]];
    },
    begin: (turns) => {
      underWay = "";
      heard = takingBack = false;
      next();
      focusBox(); // what was pressed is hidden now
      return [turns, root.dataset.ui];
    },
    judge: (turns) => [turns, root.dataset.ui],
    end: () => setTimeout(() => { // Gradio has still to put the answer away
      underWay = null;
      revised = null;
      resumed = Math.max(0, resumed - 1);
      if (!heard) tellAgain();
      const edited = one("#chat .edit-textarea[data-waiting]");
      if (dropped) clear();
      else if (edited) editButtons(edited)[0].click();
      dropped = false;
      next();
    }),
    /* Refused, or an error: what was asked, and what waits for it, is the reader's again. Where the server has forgotten
       the turns before it, or who the reader is, the page asks them anew. */
    fail: async (chat, forgotten) => {
      const anew = forgotten ? !resumed : await isLoggedOut(); // what is forgotten over and over is not asked for ever
      if (anew && !dropped && openAnew(revised ? revised.turn + 1 : undefined)) return [chat, false];
      const question = revised?.written ?? underWay;
      if (question && !dropped) write([question, ...queue.splice(0), box().value].filter(Boolean).join("\n"));
      const left = revised ? restored(chat, revised) : chat?.at(-1)?.role === "user" ? chat.slice(0, -1) : chat;
      resumed = 0;
      heard = true; // Gradio says what is wrong
      window.conversation.end();
      return [left, false];
    },
    takenBack: (forgotten) => setTimeout(() => { // once the box holds what is taken back
      if (forgotten) openAnew(-1);
      focusBox();
    }),
  };

  const clear = () => one("#chat .top-panel button")?.click();

  function beginAnew() {
    const edited = one("#chat .edit-textarea");
    if (edited) dropEdited(edited);
    queue.length = resumed = 0;
    dropped = underWay !== null; // its answer is still to come, and is cleared then
    clear();
    useView("chat");
    box().focus();
  }

  /* ---- a question that is being edited ---- */

  /* Gradio opens it as it holds it, escaped. */
  function openEdited() {
    const area = one("#chat .edit-textarea");
    if (!area || "before" in area.dataset) return;
    area.dataset.before = area.value;
    set(area, "aria-label", say("edit"));
    write(plain(area.value), area);
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }

  const editButtons = (area) => all("button", area.closest(".message-row").nextElementSibling);

  /* Gradio shows what is submitted before the server has seen it: it is given as the page holds a question. */
  function submitEdited(event) {
    const area = one("#chat .edit-textarea");
    if (!area || event.target.closest("button") !== editButtons(area)[0]) return;
    const blank = !area.value.trim();
    if (blank || isTooLong(area.value) || underWay !== null) {
      event.preventDefault();
      event.stopPropagation();
      if (blank) cancelEdited(area);
      else area.toggleAttribute("data-waiting", underWay !== null); // until the answer under way is there
      return;
    }
    underWay = "";
    const turn = all("#chat .user-row").indexOf(area.closest(".user-row"));
    revised = { turn, before: area.dataset.before, written: area.value };
    write(inert(area.value), area);
  }

  /* The conversation with the question that an edit has not replaced. */
  const restored = (chat, { turn, before }) =>
    chat.map((message, place) => place === 2 * turn ? { ...message, content: [{ type: "text", text: before }] } : message);

  /* Gradio knows an edit by its place alone, and would open what is asked there next. */
  const dropEdited = (area) => editButtons(area)[1].click();

  function cancelEdited(area) {
    const panel = area.closest(".message-row").nextElementSibling;
    dropEdited(area);
    setTimeout(() => one("button", panel)?.focus());
  }

  function onEditKey(event) {
    if (event.key === "Enter" && !event.shiftKey) editButtons(event.target)[0].click();
    else if (event.key === "Escape") cancelEdited(event.target);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /* ---- answers ---- */

  let current = null; // what the page knows of the answer that the ribbon shows
  let turns = 0;
  let latest = ""; // the last answer that was seen: its turn, and its key or words
  let heard = true; // whether the question under way has been answered to those who hear the page
  let takingBack = false; // whether the last answer is going, and the one before it is shown again

  function dataOf(element) {
    const data = one(".data", element.closest(".answer"));
    return data && JSON.parse(data.textContent);
  }

  /* Scrolls to an element: smoothly where it is near, so that the eye can follow; at once where the way is long. */
  function bring(element, smooth = true) {
    const far = Math.abs(element.getBoundingClientRect().top - innerHeight / 2) > 1.5 * innerHeight;
    const calm = !smooth || far || matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "center" });
  }

  function light(element, smooth = true) {
    all(".lit").forEach((lit) => lit.classList.remove("lit"));
    element.classList.add("lit");
    bring(element, smooth);
    set(element, "tabindex", element.getAttribute("tabindex") ?? "-1");
    element.focus({ preventScroll: true });
  }

  /* Once for each frame, however often Gradio draws: what is seen before the frame is painted, the rest thereafter. */
  let waiting = false;
  function onDrawn() {
    openEdited(); // at once: what is typed into it before the next frame is to be kept
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      place();
      setTimeout(tell);
    });
  }

  /* Brings a new question to the top, its answer below it. */
  function place() {
    const asked = all("#chat .user-row");
    document.body.classList.toggle("talking", asked.length > 0 && !dropped);
    makeRoom(asked.at(-1));
    if (asked.length > turns) asked.at(-1).scrollIntoView({ block: "start" });
    if (turns) keepQuestion(asked);
    if (turns && !asked.length) forgetAnswer();
    turns = asked.length;
  }

  function tell() {
    useLabels();
    const last = all("#chat .answer").at(-1);
    const data = last && dataOf(last);
    if (dropped || (!data && !last?.matches(".notice"))) return; // there is more of it to come
    const name = last.id + (data?.key ?? last.textContent);
    if (name === latest) return;
    latest = name;
    if (data) use(data);
    if (!takingBack) announce(last);
    takingBack = false;
  }

  /* What is answered as before changes nothing on the page, and is told all the same. */
  function tellAgain() {
    latest = "";
    onDrawn();
  }

  /* Room below the last answer, so that its question can stand at the top of the window. */
  function makeRoom(question) {
    const list = one("#chat .message-wrap");
    if (!question || !list) return;
    const top = question.closest(".message-row").getBoundingClientRect().top;
    const end = [...list.children].at(-1).getBoundingClientRect().bottom;
    const room = list.parentElement.clientHeight - (end - top) - 24;
    const height = `${Math.max(0, Math.floor(room))}px`;
    if (list.style.getPropertyValue("--room") !== height) list.style.setProperty("--room", height);
  }

  /* Tells those who hear the page of a new answer: once, when it is whole. */
  function announce(answer) {
    heard = true;
    const region = one("#announcement");
    const parts = all(".told > .lead, .told > .said, :scope.notice > p", answer);
    const said = parts.map((part) => part.textContent.replace(/\[\d+\]/g, "").trim());
    const count = all(".sources .source", answer).length;
    const spoken = document.createElement("span");
    spoken.lang = answer.lang;
    spoken.textContent = said.join(" ");
    region.replaceChildren(answer.matches(".notice") ? "" : `${say("answered")} `, spoken, count ? ` ${say("sources", { count })}` : "");
  }

  /* Browsers give pages their clipboard over HTTPS and on this machine alone: elsewhere it is copied as a reader would. */
  async function toClipboard(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
    const [area, focused] = [document.createElement("textarea"), document.activeElement];
    area.value = text;
    area.className = "unseen";
    area.readOnly = true; // a phone shows no keyboard for it
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    focused?.focus({ preventScroll: true });
    return copied;
  }

  async function copy(button, text, done) {
    const label = one(".ui", button) ? one(`.ui[lang="${root.dataset.ui}"]`, button) : button;
    const before = (label.dataset.before ??= label.textContent); // what it says by itself, however often it is clicked
    label.textContent = await toClipboard(text) ? done : say("no copy");
    clearTimeout(label.dataset.timer);
    label.dataset.timer = setTimeout(() => { label.textContent = before; }, 2400);
  }

  /* ---- the document and its ribbon ---- */

  const pane = () => one("#page-document");
  const shown = () => one(".document", pane());
  const numberShown = () => Number(shown().id.replace("document-", ""));
  let loading = Promise.resolve();

  /* Fetches a document, the first or the one shown already where none is named, and puts it on the page. */
  async function showDocument(number = null) {
    const there = () => shown() && (number === null || numberShown() === number);
    loading = loading.then(async () => {
      if (there()) return;
      const answer = await fetch(`document/${number ?? 0}`).catch(() => null);
      if (answer?.status === 401) openAnew();
      one("#unread").textContent = answer?.ok ? "" : say(answer?.status === 404 ? "no document" : "unread");
      if (!answer?.ok) {
        if (one("#choose")) one("#choose").value = numberShown();
        return;
      }
      const html = await answer.text(); // made by the server, every character of a document escaped
      const choosing = document.activeElement?.id === "choose";
      keepTools();
      pane().innerHTML = html;
      if (choosing) one("#choose")?.focus({ preventScroll: true });
      const first = one(".cell", pane());
      if (first) first.tabIndex = 0;
      useColumns();
      colour();
    });
    await loading;
    return shown();
  }

  /* Shows the sentence that a link names. */
  async function showSentence(link) {
    const fresh = document.body.dataset.view !== "document" && !wide.matches;
    const wanted = linked(link.hash);
    await showDocument(wanted.document);
    useView("document");
    const sentence = shown() && numberShown() === wanted.document && document.getElementById(wanted.sentence);
    if (!sentence) return;
    keepPlace(wanted.sentence);
    if (fresh) bringAtOnce(sentence);
    else light(sentence);
  }

  /* Lights a sentence of a document that has only just come into view. */
  function bringAtOnce(sentence) {
    light(sentence, false);
    // What lies between is laid out only as it comes into view, and may be higher than was thought.
    requestAnimationFrame(() => sentence.scrollIntoView({ block: "center" }));
  }

  /* Makes an answer the one whose fit the ribbon shows. */
  async function use(data) {
    current = data;
    data.fits = {}; // number of a document -> how well its sentences fit
    data.first = fetchFits(data, data.cited[0]?.[0]);
    const number = await data.first;
    if (current !== data) return; // another is shown by now, or none
    if (number !== null && (wide.matches || shown())) await showDocument(number);
    await colour();
    // Beside the conversation the document goes along with it.
    if (wide.matches && one(".row.cited", pane())) bring(one(".row.cited", pane()));
  }

  /* Fetches how well the sentences of a document, else of the one that fits best, fit what was answered; its number. */
  async function fetchFits(data, id) {
    const wanted = id === undefined ? "" : `&document=${encodeURIComponent(id)}`;
    const asked = `q=${encodeURIComponent(data.question)}&answer=${data.key}${wanted}`;
    const answer = await fetch(`relevance?${asked}`).catch(() => null);
    if (!answer?.ok) return null;
    const { document: number, fits } = await answer.json();
    if (number !== null) data.fits[number] = fits;
    return number;
  }

  /* The last of some cells, in the order of the document, that begins at a place or before. */
  function cellAt(starts, start) {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle] <= start) low = middle; else high = middle - 1;
    }
    return low;
  }

  async function colour() {
    if (!current || !shown()) return;
    const [data, number, id] = [current, numberShown(), one(".of", shown()).textContent];
    await data.first;
    if (!data.fits[number]) await fetchFits(data, id);
    if (current !== data || !data.fits[number] || numberShown() !== number) return; // another is shown by now, or none
    const cited = data.cited.filter(([document]) => document === id).map(([, start]) => start);
    const cells = all(".cell", shown());
    const starts = cells.map((cell) => Number(cell.dataset.from ??= linked(cell.hash).sentence.slice(1)));
    const best = cells.map(() => [0, null]);
    for (const [start, fit] of data.fits[number]) {
      const cell = cellAt(starts, start);
      if (fit > best[cell][0]) best[cell] = [fit, start];
    }
    const marked = new Set(cited.map((start) => cellAt(starts, start)));
    cells.forEach((cell, place) => {
      cell.style.setProperty("--fit", best[place][0]);
      cell.hash = linkTo(number, `s${best[place][1] ?? starts[place]}`); // of several sentences, the one that fits best
      cell.classList.toggle("cited", marked.has(place));
    });
    all(".row.cited", shown()).forEach((row) => row.classList.remove("cited"));
    cited.forEach((start) => document.getElementById(`s${start}`)?.classList.add("cited"));
    nameRibbon();
  }

  function nameRibbon() {
    const title = one(".ribbon-title .fit", pane());
    if (title) title.textContent = current?.fits[numberShown()] ? say("relevance", { question: current.question }) : "";
  }

  /* Where no turn is left, the ribbon is as it was before the first. */
  function forgetAnswer() {
    current = null;
    latest = "";
    takingBack = false;
    all(".cell", pane()).forEach((cell) => cell.style.removeProperty("--fit"));
    all(".cited, .lit", pane()).forEach((marked) => marked.classList.remove("cited", "lit"));
    nameRibbon();
  }

  /* ---- the original, its rendering, or both ---- */

  function useColumns(chosen = kept("nanguan-columns")) {
    if (!shown()) return;
    const foreign = one(".rendering", shown())?.lang;
    const own = foreign && foreign.split("-")[0] === root.lang.split("-")[0];
    // There is room for one on a phone: the one in the reader's language.
    const columns = foreign ? chosen || (narrow.matches ? (own ? "rendered" : "original") : "both") : "original";
    shown().dataset.columns = columns;
    all(".side", pane()).forEach((button) => set(button, "aria-pressed", String(button.dataset.columns === columns)));
  }

  /* ---- what can be done with a sentence ---- */

  const tools = () => one("#row-tools");

  function keepTools() {
    one("#reading").append(tools());
    tools().hidden = true;
  }

  function offerTools(event) {
    const row = event.target.closest?.(".lines .row:not(.credit)");
    if (row && tools().parentElement !== row) {
      row.append(tools());
      tools().hidden = false;
    }
  }

  let typing = false; // whether the reader's hand is on the keyboard, not on the pointer
  document.addEventListener("keydown", () => { typing = true; }, true);
  document.addEventListener("pointerdown", () => { typing = false; }, true);

  /* To the row that the pointer moves over; not to one that is scrolled under it, nor away from where the keyboard is. */
  function offerWhereMoved(event) {
    if (!typing || !document.activeElement?.closest(".lines .row")) offerTools(event);
  }

  const rowOf = (element) => element.closest(".row");

  async function askAbout(button) {
    const row = rowOf(button);
    const asked = `question/${numberShown()}/${row.id.slice(1)}?lang=${root.dataset.ui}`;
    const answer = await fetch(asked).catch(() => null);
    const { question } = answer?.ok ? await answer.json() : { question: "" };
    if (question) { ask(question); return; }
    left = null;
    useView("chat");
    write(one(".original", row).textContent.slice(0, 200));
    box().focus();
    box().select();
  }

  function copyLink(button) {
    const link = location.pathname + linkTo(numberShown(), rowOf(button).id);
    copy(button, new URL(link, location.href).href, say("link copied"));
  }

  /* ---- a server that is gone, or has forgotten ---- */

  const LOST = "nanguan-lost";
  let upTo; // up to which question the conversation is asked anew, as of slice(); undefined: all of it
  let resumed = 0; // questions that are asked anew and not answered yet

  /* Gradio says so in English alone, can ask nothing any more, and opens the page anew once the server is back. */
  function noticeLoss() {
    if (document.body.classList.contains("gone") || !/^Connection to the server was lost/m.test(toasts())) return;
    document.body.classList.add("gone");
    watch();
  }

  const toasts = () => all(".toast-wrap [data-testid=toast-text]").map((toast) => toast.textContent).join("\n");

  /* What was asked and what is written, for the page that is opened then: the server knows none of it. Says whether it
     is kept. */
  function keepLost() {
    if (!document.body.classList.contains("gone")) return false;
    const asked = all("#chat [data-testid=user]").map((question) => question.textContent.trim()).slice(0, upTo);
    const lost = { questions: [...asked, ...queue], draft: box().value };
    try { sessionStorage.setItem(LOST, JSON.stringify(lost)); } catch { return false; /* private window */ }
    return true;
  }

  /* Asks anew what was asked of a server that is no more, unless the page was opened with another question; says whether
     there is any. */
  function resume(linked) {
    let lost = null;
    try {
      lost = JSON.parse(sessionStorage.getItem(LOST));
      sessionStorage.removeItem(LOST);
    } catch { /* private window */ }
    if (!lost || (linked && !lost.questions.includes(linked))) return false;
    write(lost.draft);
    queue.push(...lost.questions);
    resumed = lost.questions.length;
    next();
    return true;
  }

  /* One that was started anew knows none of the turns, nor one whose reader was away for an hour. Says whether the page is
     opened anew: not where all would be lost. */
  function openAnew(end) {
    upTo = end;
    document.body.classList.add("gone");
    const kept = keepLost();
    if (kept) location.reload();
    else document.body.classList.remove("gone");
    return kept;
  }

  const isLoggedOut = () => fetch("gradio_api/login_check").then((answer) => answer.status === 401).catch(() => false);

  /* ---- clicks and keys ---- */

  const CLICKS = {
    "#send": askFromBox,
    ".language": (button) => { keep("nanguan-language", button.lang); useLanguage(button.lang); outdate("lang"); },
    "#theme": useTheme,
    "#fresh": beginAnew,
    "#view-chat": () => { left = null; closeDocument(); },
    "#view-document": () => useView("document"),
    ".side": (button) => { keep("nanguan-columns", button.dataset.columns); useColumns(button.dataset.columns); },
    ".ask-this": (button, event) => { if (event.detail < 2) ask(button.textContent); }, // once, clicked twice
    ".ask-about": askAbout,
    ".anchor": copyLink,
    ".marker": (link) => light(document.getElementById(link.hash.slice(1))),
    ".show": showFrom,
    ".near p": (text) => text.closest(".near").classList.toggle("whole"),
    ".cell, .contents a": showSentence,
    ".copy": (button) => copy(button, dataOf(button).copy, say("copied")),
    ".permalink": (link) => copy(link, new URL(link.getAttribute("href"), location.href).href, say("link copied")),
  };

  document.addEventListener("click", submitEdited, true);
  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.("#chat [data-name=undo]")) return;
    takingBack = true;
    const edited = one(".edit-textarea", all("#chat .user-row").at(-1));
    if (edited) dropEdited(edited);
  }, true);
  document.addEventListener("input", (event) => { if (event.isTrusted) one("#notice").textContent = ""; }); // by the reader
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    for (const [selector, act] of Object.entries(CLICKS)) {
      const element = event.target.closest?.(selector);
      if (!element) continue;
      event.preventDefault();
      event.stopPropagation();
      act(element, event);
      return;
    }
    offerTools(event);
  }, true);
  document.addEventListener("focusin", offerTools);
  // Unfolded by the keyboard alone, and it stays whole: unfolded as it is pressed, or folded as the focus leaves it, it
  // would draw what is being pressed away from under the pointer.
  document.addEventListener("focusin", (event) => {
    if (typing) event.target.closest?.(".near")?.classList.add("whole");
  });
  document.addEventListener("pointermove", offerWhereMoved);

  async function showFrom(link) {
    left = link;
    const data = dataOf(link);
    if (data && data.key !== current?.key) await use(data);
    await showSentence(link);
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // the Enter that chooses a character; Safari sends 229
    if (event.target.matches?.("#chat .edit-textarea")) onEditKey(event);
    if (event.target !== box() || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    askFromBox();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.dataset.view === "document" && !wide.matches) {
      const back = left;
      closeDocument();
      (back?.isConnected ? back : box()).focus();
      return;
    }
    if (event.key === "Escape" && wide.matches && left?.isConnected) { left.focus(); return; }
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
    if (event.target.id === "choose") showDocument(Number(event.target.value)).then(() => keepPlace());
  });

  /* ---- getting ready ---- */

  async function watch() {
    const status = one("#status");
    const state = await fetch("healthz").then((answer) => answer.json()).catch(() => null);
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
    const entry = history.state; // there is one after a reload
    if (!entry?.view) history.replaceState({ view: "chat" }, "");
    watch();
    new MutationObserver(onDrawn).observe(one("#talk"),
      { childList: true, subtree: true, attributes: true, attributeFilter: ["style"] });
    const spread = () => { if (wide.matches) showDocument(); };
    wide.addEventListener("change", spread);
    narrow.addEventListener("change", () => useColumns());
    spread();
    if (linked()) openLinked(false);
    else if (entry?.view === "document") revisit(entry);
    if (matchMedia("(hover: hover)").matches) box().focus({ preventScroll: true });
    new MutationObserver(noticeLoss).observe(one(".toast-wrap"), { childList: true, subtree: true });
    addEventListener("pagehide", keepLost);
    const question = linkedQuestion();
    if (!resume(question) && question) ask(question);
  }

  /* Gradio draws the page some time after this script has run. */
  const drawn = new MutationObserver(() => {
    if (!box() || !one("#put") || !one("#notice") || !one(".toast-wrap") || !one("#masthead .language") || !pane()) return;
    drawn.disconnect();
    begin();
  });
  drawn.observe(document, { childList: true, subtree: true });
})();
