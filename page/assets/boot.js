/* Runs before anything is drawn: the reader's language, and light or dark, as chosen last or as the browser says. */
"use strict";
(() => {
  const SPOKEN = ["en", "zh-Hant", "zh-Hans"];
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };

  /* A browser's language tag -> one that the page speaks, if it does. Plain "zh" is written in Simplified. */
  const spoken = (tag) => {
    const [language, ...parts] = tag.toLowerCase().split("-");
    if (language !== "zh") return language === "en" ? "en" : null;
    if (parts.includes("hans")) return "zh-Hans";
    return parts.some((part) => ["hant", "tw", "hk", "mo"].includes(part)) ? "zh-Hant" : "zh-Hans";
  };
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = (asked && spoken(asked)) || kept("nanguan-language");
  const browsers = (navigator.languages || [navigator.language]).map(spoken).find(Boolean);
  const language = SPOKEN.includes(wanted) ? wanted : browsers || "en";
  document.documentElement.lang = language;
  document.documentElement.dataset.ui = language;

  /* Gradio's own words (Retry, Undo ...) follow the browser's language: tell it the one that was chosen. */
  const tag = { "en": "en", "zh-Hant": "zh-TW", "zh-Hans": "zh-CN" }[language];
  Object.defineProperty(navigator, "language", { get: () => tag, configurable: true });
  Object.defineProperty(navigator, "languages", { get: () => [tag], configurable: true });

  /* Gradio takes dark from the address or the system: stand in for the system where a choice was made. */
  const theme = kept("nanguan-theme");
  if (theme) {
    const native = window.matchMedia.bind(window);
    window.matchMedia = (query) => {
      const list = native(query);
      if (!/prefers-color-scheme:\s*dark/.test(query)) return list;
      return new Proxy(list, { get: (target, name) => {
        if (name === "matches") return theme === "dark";
        const value = target[name];
        return typeof value === "function" ? value.bind(target) : value;
      } });
    };
  }
})();
