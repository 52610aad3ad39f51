// Light or dark, as the person chooses, or as the system has it.
import { keep } from "../texts/kept.js";

/** @param {string} theme light, dark or system */
export function chooseTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  keep("theme", theme === "system" ? null : theme);
  dispatchEvent(new Event("themechange"));
}

export function otherTheme() {
  const { theme } = document.documentElement.dataset;
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  chooseTheme(dark ? "light" : "dark");
}
