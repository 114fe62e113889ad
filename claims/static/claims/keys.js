// Keys of the queue, of a claim's page and of an article's. Everything they do is a link or a button on the page: without this file
// the page works all the same. They are silent while somebody writes, and can be turned off (WCAG 2.1.4).
"use strict";

(() => {
  const page = document.querySelector("[data-keys]");
  const help = document.querySelector("dialog.keys");
  if (!page || !help) return;

  const SWITCH = "factcheck.keys";
  const PLACE = "factcheck.place";
  const kept = (() => {
    try {
      return window.localStorage;
    } catch {
      return null; // storage is forbidden: keys are on, and stay on
    }
  })();
  const isOn = () => !kept || kept.getItem(SWITCH) !== "off";

  const box = help.querySelector(".keys-on");
  box.checked = isOn();
  box.addEventListener("change", () => kept && kept.setItem(SWITCH, box.checked ? "on" : "off"));
  help.querySelector(".keys-close").addEventListener("click", () => help.close());
  for (const button of document.querySelectorAll(".keys-help")) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }

  const ROW = ".queue-row, .beside";
  const rows = () => [...document.querySelectorAll(ROW)];
  const current = () => document.activeElement.closest(ROW) || rows().find((row) => row.matches(":target"));
  const opener = (row) => row.querySelector(".queue-open");

  function go(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step));
    opener(all[next]).focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  // Where somebody was at work: after a row is taken the same one, after it is gone what took its place.
  function keep(row) {
    if (row && kept) kept.setItem(PLACE, JSON.stringify([row.id, rows().indexOf(row)]));
  }

  function comeBack() {
    const was = kept && kept.getItem(PLACE);
    if (!was || !rows().length) return;
    kept.removeItem(PLACE);
    const [id, at] = JSON.parse(was);
    const row = document.getElementById(id) || rows()[Math.min(at, rows().length - 1)];
    opener(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  const press = (element) => {
    if (!element) return false;
    element.click();
    return true;
  };

  // Why a claim is closed is chosen from a list that its key opens; while it is open, keys choose from it.
  function choose(part, key) {
    const list = part && part.querySelector(".closed-because[open]");
    if (!list) return false;
    if (key === "Escape") {
      list.open = false;
      list.querySelector("summary").focus();
      return true;
    }
    return press(list.querySelector(`[data-code="${key}"]`));
  }

  function open(summary) {
    for (let fold = summary.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    summary.parentElement.querySelector("[data-code]").focus();
    return true;
  }

  function queue(key) {
    if (key === "j") return go(1), true;
    if (key === "k") return go(-1), true;
    const row = current();
    if (!row) return false;
    if (key === "o") return press(opener(row));
    if (key === "a") return press(row.querySelector(".queue-take"));
    if (key === "x") return press(row.querySelector("input[name=row]"));
    if (key === "e") {
      window.location.assign(`${opener(row).href}#attach`);
      return true;
    }
    if (choose(row, key)) return true;
    const target = /^[1-9]$/.test(key) && row.querySelector(`[data-key="${key}"]`);
    return target && target.matches("summary") ? open(target) : press(target);
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("a, button")) keep(event.target.closest(ROW));
  });

  function reason(button) {
    for (const one of document.querySelectorAll(".move-button.is-chosen")) one.classList.remove("is-chosen");
    button.classList.add("is-chosen");
    const field = document.querySelector(".move textarea[name=reason]");
    field.focus();
    field.scrollIntoView({ block: "center" });
  }

  function claim(key) {
    if (key === "o") return press(document.querySelector(".place-foot a"));
    if (key === "a") return press(document.querySelector(".accept-first, .suggestion button[type=submit]"));
    if (key === "u") return press(document.querySelector(".to-queue"));
    if (key === "e") {
      const fold = document.querySelector(".attach-fold");
      if (!fold) return false;
      fold.open = true;
      fold.querySelector("input:not([type=hidden])").focus();
      return true;
    }
    if (choose(document.querySelector(".move"), key)) return true;
    const button = /^[1-9]$/.test(key) && document.querySelector(`.move-button[data-key="${key}"]`);
    if (!button) return false;
    if (button.matches("summary")) open(button);
    else if (button.dataset.asks) reason(button);
    else button.click();
    return true;
  }

  function article(key) {
    if (key === "j") return go(1), true;
    if (key === "k") return go(-1), true;
    if (key === "n") return press(document.querySelector(".from-selection:not([hidden]) button, .by-hand"));
    const row = current();
    if (!row) return false;
    if (key === "o") return press(opener(row));
    return key === "q" && press(row.querySelector(".queue-put"));
  }

  const act = { queue, claim, article }[page.dataset.keys];
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if (event.ctrlKey && event.key === "Enter" && field && field.form && field.form.matches(".move")) {
      const chosen = field.form.querySelector(".move-button.is-chosen");
      if (chosen) {
        event.preventDefault();
        chosen.click();
      }
      return;
    }
    if (!isOn() || field || help.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") {
      help.showModal();
      event.preventDefault();
    } else if (act(event.key)) {
      event.preventDefault();
    }
  });

  // Led here: to write the reason of a move, to attach evidence, or back to the row that was left.
  const wanted = new URLSearchParams(window.location.search).get("to");
  const button = wanted && [...document.querySelectorAll(".move-button")].find((one) => one.value === wanted);
  const begin = () => {
    if (button) reason(button);
    else if (page.dataset.keys === "claim" && window.location.hash === "#attach") claim("e");
    else if (page.dataset.keys !== "claim") comeBack();
  };
  // Behind what the browser itself does about the address's fragment, which takes the focus away.
  window.addEventListener("load", () => window.setTimeout(begin));
})();
