// The desk works without any of this: here is what a script can do better.
// (1) What a page shows is kept up by its one stream; focus, selection and what is
//     unfolded stay as they are.
// (2) A form that says data-async is sent without leaving the page, which is then what
//     the answer's page is.
// (3) Single keys do what buttons do, for who has turned that on.
// (4) Text is read aloud where it says so, by a voice of this machine alone.

// become changes a part of the page into what another is, and keeps every element that
// is in both: it is the same if its id is, or, without one, its kind and place. What
// somebody has typed, chosen or unfolded is theirs.
function become(now, next) {
  const named = new Map([...now.children].filter(c => c.id).map(c => [c.id, c]));
  let at = now.firstChild;
  for (const node of [...next.childNodes]) {
    let same = node.id ? named.get(node.id) : at;
    while (!node.id && same && (same.id || kind(same) !== kind(node))) same = same.nextSibling;
    if (!same || kind(same) !== kind(node)) {
      now.insertBefore(node, at);
      continue;
    }
    while (at && at !== same && !node.id) at = drop(at);
    if (at === same) at = at.nextSibling;
    else if (same.contains(document.activeElement)) {
      while (at && at !== same) at = drop(at); // it is not moved: that would lose the focus
      at = same.nextSibling;
    } else now.insertBefore(same, at);
    named.delete(node.id);
    if (same.nodeType === Node.ELEMENT_NODE) {
      dress(same, node);
      if (same.localName !== "textarea") become(same, node);
    } else if (same.nodeValue !== node.nodeValue) same.nodeValue = node.nodeValue;
  }
  while (at) at = drop(at);
}

const kind = node => node.nodeName + (node.type ?? "") + (node.name ?? "");

function drop(node) {
  const after = node.nextSibling;
  if (node.contains(document.activeElement)) stays(node);
  node.remove();
  return after;
}

// stays moves the focus from what goes away to what is next to it.
function stays(node) {
  const near = node.closest("tr, section, form, details")?.parentElement?.closest("[id], main");
  const to = node.parentElement?.closest("tr")?.querySelector("button, a, summary") ?? near ?? document.querySelector("main");
  queueMicrotask(() => {
    if (!to.matches("button, a, summary, input")) to.tabIndex = -1;
    to.focus({ preventScroll: true });
  });
}

// theirs are attributes that say what somebody did, which a server does not know.
const theirs = new Set(["open", "tabindex", "value", "checked", "selected"]);

function dress(now, next) {
  const hidden = now.localName === "button" || now.type === "hidden";
  for (const { name, value } of [...next.attributes]) {
    if (theirs.has(name) && !hidden) continue;
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && !theirs.has(name)) now.removeAttribute(name);
  }
  if (now.type === "hidden") now.value = next.value;
}

function read(html) {
  const page = document.createElement("template");
  page.innerHTML = html;
  return page.content;
}

// say tells who listens, once.
function say(words) {
  const to = document.getElementById("live_say");
  if (to) to.textContent = words;
}

// (1)
const live = document.querySelector("[data-live]");
let stream;

function follow() {
  stream = new EventSource(live.dataset.live);
  stream.addEventListener("part", event => {
    const { id, html } = JSON.parse(event.data);
    const part = document.getElementById(id);
    if (part) become(part, read(html));
    live.dataset.follows = "yes";
    lost(false);
  });
  stream.addEventListener("say", event => say(JSON.parse(event.data).text));
  stream.addEventListener("open", () => lost(false));
  stream.addEventListener("error", () => {
    lost(true);
    // The browser tries again by itself unless it was refused.
    if (stream.readyState === EventSource.CLOSED) setTimeout(follow, 10_000);
  });
}

function lost(yes) {
  const words = document.getElementById("live_lost");
  if (words.hidden !== yes) return;
  words.hidden = !yes;
  live.classList.toggle("lost", yes);
  say(yes ? words.textContent : live.dataset.back);
}

if (live) {
  follow();
  // A page that is put away and shown again begins anew, and leaves no stream behind.
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", event => event.persisted && follow());
}

// (2)
document.addEventListener("submit", async event => {
  const form = event.target.closest("form[data-async]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const button = event.submitter;
  if (button?.getAttribute("aria-busy") === "true") return;
  button?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-live]")) {
      if (answer.redirected) return location.assign(answer.url); // to sign in
      return note(live.dataset.failed, "failed");
    }
    for (const part of live.querySelectorAll(":scope > [id]")) {
      const to = page.getElementById(part.id);
      if (to) become(part, to);
    }
    noted(page);
  } catch {
    note(live.dataset.failed, "failed");
  } finally {
    button?.removeAttribute("aria-busy");
  }
});

// noted tells what a page says of what was asked for.
function noted(page) {
  const from = page.querySelector("#live_note, main > [role=alert]");
  note(from?.textContent ?? "", from?.dataset.state ?? "failed", from?.dataset.again);
}

// note shows what came of a form, until the next. While that is not known it is looked
// for again; once it is done, it goes away after a while.
let later;
function note(words, state, again) {
  clearTimeout(later);
  let here = document.getElementById("live_note");
  if (!here) {
    document.querySelectorAll("main > .done, main > [role=alert]").forEach(old => old.remove());
    here = document.createElement("p");
    here.id = "live_note";
    live.before(here);
  }
  here.hidden = !words;
  here.className = { asked: "note", done: "done" }[state] ?? "bad";
  if (here.textContent !== words) say(here.textContent = words);
  if (again) later = setTimeout(look, 1_000, again);
  else if (state === "done") later = setTimeout(() => here.remove(), 10_000);
}

async function look(again) {
  try {
    const answer = await fetch(again);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.querySelector("[data-live]")) noted(page);
  } catch {
    later = setTimeout(look, 1_000, again);
  }
}

if (live && document.getElementById("live_note")) noted(document);

// (3)
const shortcuts = document.querySelector("[data-keys]");
if (shortcuts) {
  shortcuts.hidden = false;
  const on = shortcuts.querySelector("[data-keys-on]");
  document.addEventListener("keydown", event => {
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    if (event.key === "?") {
      shortcuts.open = true;
      shortcuts.querySelector("summary").focus();
    } else {
      const from = "mu".includes(event.key) ? event.target.closest("tr") : document;
      const button = from?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!button) return;
      button.click();
    }
    event.preventDefault();
  });
}

// (4)
const said = document.querySelectorAll("[data-say]");
for (const button of said) button.hidden = !("speechSynthesis" in window);
for (const button of document.querySelectorAll("[data-play]")) button.hidden = false;
if (said.length && "speechSynthesis" in window) speechSynthesis.getVoices(); // they come later

// voiceFor is a voice of this machine for a locale, or else for its language: one that is
// not local would send the text away.
function voiceFor(locale) {
  const spoken = locale.replace("cmn", "zh").toLowerCase(), base = spoken.split("-")[0];
  const all = speechSynthesis.getVoices().filter(v => v.localService).map(v => [v.lang.replace("_", "-").toLowerCase(), v]);
  return (all.find(([lang]) => lang === spoken) ?? all.find(([lang]) => lang.split("-")[0] === base))?.[1] ?? null;
}

let sound;
document.addEventListener("click", event => {
  const button = event.target.closest("[data-play]");
  if (!button) return;
  sound?.pause();
  sound = new Audio(button.dataset.play);
  sound.play();
});

document.addEventListener("click", event => {
  const button = event.target.closest("[data-say]");
  if (!button) return;
  const from = button.dataset.from ? document.getElementById(button.dataset.from) : null;
  const words = new SpeechSynthesisUtterance(from ? from.value : button.dataset.say);
  words.lang = button.dataset.locale || button.lang || document.documentElement.lang;
  words.voice = voiceFor(words.lang);
  const voiceless = button.parentElement.querySelector("[data-voiceless]");
  if (voiceless) voiceless.hidden = !!words.voice;
  if (!words.voice) return;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
});

document.documentElement.dataset.ready = "yes";
