// The phones page. The server tells what each phone hears and when it began;
// this script draws it, moves the captions with the emulator's clock, and
// posts what the visitor does. Speech and tones are extras: nothing waits for
// them.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // make builds an element; text never passes through an HTML parser.
  function make(tag, className, ...children) {
    const el = document.createElement(tag);
    if (className) el.className = className;
    el.append(...children.filter((c) => c !== ""));
    return el;
  }

  // setText leaves an element alone that already says so, since a change in a
  // live region is read aloud.
  function setText(el, text) {
    if (el.textContent !== text) el.textContent = text;
  }

  // ---- The emulator's clock ----

  const clock = { now: 0, seen: 0, speed: 1, offset: 0, zone: "" };
  const now = () => clock.now + (performance.now() - clock.seen) * clock.speed;

  function setClock(c) {
    Object.assign(clock, c, { seen: performance.now() });
    setText($("#zone"), c.zone);
    for (const b of $$("[data-speed]")) b.setAttribute("aria-pressed", String(Number(b.dataset.speed) === c.speed));
    if (c.speed !== 1) hush();
    tick();
  }

  function wallTime() {
    const d = new Date(now() + clock.offset * 60000);
    const two = (n) => String(n).padStart(2, "0");
    const hour = d.getUTCHours();
    return `${hour % 12 || 12}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} ${hour < 12 ? "am" : "pm"}`;
  }

  function duration(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
  }

  // ---- Phones ----

  const phones = new Map(); // number of the phone -> {el, view, items}
  let ear = 1; // the phone whose sound is heard and whose captions are read aloud
  let caughtUp = false; // what arrives before is history: drawn, not announced

  for (const el of $$(".phone")) {
    phones.set(Number(el.dataset.phone), { el, view: null, items: new Map(), moving: false, texts: new Map(), unread: 0 });
  }

  const stateWords = { idle: "Ready", calling: "Calling…", incoming: "Ringing", talking: "In a call" };

  function drawPhone(view) {
    const phone = phones.get(view.phone);
    if (!phone) return;
    const before = phone.view;
    phone.view = view;
    phone.el.dataset.state = view.state;
    if (view.state !== "idle") show(phone.el);
    const ringing = view.state === "incoming";
    const go = $(".go", phone.el);
    const end = $(".end", phone.el);
    setText(go, ringing ? "Answer" : "Call");
    setText(end, ringing ? "Decline" : "Hang up");
    go.setAttribute("aria-disabled", String(!(ringing || view.state === "idle")));
    end.setAttribute("aria-disabled", String(view.state === "idle"));
    setText($(".state", phone.el), view.ended || stateWords[view.state]);
    setText($(".company", phone.el), company(view));
    drawCaptions(phone);
    drawTexts(phone);
    if (!caughtUp || !before || before.state === view.state) return;
    if (ringing) announce(`${view.name}’s phone is ringing`);
    if (view.state === "idle") {
      if (view.phone === ear) hush();
      announce(`${view.name}: ${view.ended}`);
    }
  }

  function list(names) {
    return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  }

  function company(view) {
    if (!view.room) return "";
    if (view.held) return "On hold: hears music, and nobody hears it";
    const hears = view.hears.length ? `Hears ${list(view.hears)}` : "Alone in the room";
    return view.muted ? `${hears} · muted` : hears;
  }

  // ---- Texts ----

  function drawTexts(phone, toEnd) {
    const box = $(".thread", phone.el);
    const stuck = toEnd || box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    prune(phone.texts, phone.view.texts);
    for (const t of phone.view.texts) {
      let item = phone.texts.get(t.id);
      if (!item) {
        item = { li: make("li", t.own ? "own" : "", make("p", "", t.text), make("p", "fate")) };
        phone.texts.set(t.id, item);
        box.append(item.li);
        if (caughtUp && !t.own && phone.el.dataset.tab !== "texts") phone.unread++;
        if (caughtUp && !t.own && phone.view.phone === ear) announce(`Text to ${phone.view.name}: ${t.text}`);
      }
      item.li.classList.toggle("failed", t.failed);
      setText(item.li.lastChild, [t.at, t.fate, t.size].filter(Boolean).join(" · "));
    }
    if (stuck) box.scrollTop = box.scrollHeight;
    setText($("[data-show=texts]", phone.el), phone.unread ? `Texts · ${phone.unread} new` : "Texts");
    for (const fare of $$(".fare", phone.el)) fare.value = phone.view[fare.name];
  }

  // prune takes away what is no longer told of.
  function prune(items, told) {
    for (const [id, item] of items) if (!told.some((t) => t.id === id) && items.delete(id)) item.li.remove();
  }

  function openTab(phone, tab) {
    phone.el.dataset.tab = tab;
    for (const b of $$("[data-show]", phone.el)) b.setAttribute("aria-pressed", String(b.dataset.show === tab));
    if (tab === "texts") phone.unread = 0;
    if (phone.view) drawTexts(phone, true);
  }

  // The alphabet of 3GPP TS 23.038: what is outside it makes the whole text
  // UCS-2, and what is in its extension counts twice.
  const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  const extended = "\f^{}\\[~]|€";

  function size(text) {
    const all = [...text];
    const gsm = all.every((c) => basic.includes(c) || extended.includes(c));
    const [single, multi] = gsm ? [160, 153] : [70, 67];
    let [units, segments, used] = [0, 1, 0];
    for (const c of all) {
      const n = gsm ? 1 + extended.includes(c) : c.length;
      units += n;
      if (used + n > multi) [segments, used] = [segments + 1, 0];
      used += n;
    }
    const many = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
    return `${gsm ? "GSM-7" : "UCS-2"}, ${many(units, "character")}, ${many(units <= single ? 1 : segments, "segment")}`;
  }

  // ---- Captions ----

  function drawCaptions(phone) {
    const box = $(".captions", phone.el);
    const stuck = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    for (const c of phone.view.captions) {
      const item = phone.items.get(c.id);
      if (item) {
        if (c.cut && !item.caption.cut && phone.view.phone === ear) hush();
        item.caption = c;
      } else {
        phone.items.set(c.id, newCaption(box, c));
        if (caughtUp && phone.view.phone === ear) hear(phone.view, c);
      }
    }
    prune(phone.items, phone.view.captions);
    advance(phone, stuck);
  }

  function newCaption(box, c) {
    const said = make("span", "said");
    const coming = make("span", "coming");
    const li = make("li", c.kind);
    if (c.lang) li.lang = c.lang;
    if (c.kind === "key") li.append("Pressed ", make("kbd", "", c.text));
    else if (c.kind === "lost") li.append("Pressed ", make("kbd", "", c.text), ", but nothing listened");
    else if (c.from) li.append(make("b", "", `${c.from}: `), said, coming);
    else li.append(said, coming);
    box.append(li);
    return { caption: c, li, said, coming };
  }

  // spoken is how many characters of a caption have been said at a moment, to
  // the end of a word. Of one that was cut, the length is known only as far as
  // it was heard: the whole is estimated as the emulator does, 150 words a
  // minute.
  function spoken(c, at) {
    const whole = c.cut ? c.text.split(" ").length * 400 : c.lasts;
    const share = whole > 0 ? Math.min(at - c.at, c.lasts) / whole : 1;
    if (share >= 1) return c.text.length;
    if (share <= 0) return 0;
    const end = c.text.indexOf(" ", Math.ceil(share * c.text.length));
    return end < 0 ? c.text.length : end;
  }

  function advance(phone, follow) {
    const at = now();
    let current = null;
    phone.moving = false;
    for (const item of phone.items.values()) {
      const c = item.caption;
      if (c.kind === "key" || c.kind === "lost") continue;
      const live = !c.cut && at < c.at + c.lasts;
      const n = spoken(c, at);
      setText(item.said, c.text.slice(0, n) + (c.cut ? " …" : ""));
      setText(item.coming, c.cut ? "" : c.text.slice(n));
      item.li.classList.toggle("now", live);
      if (live) {
        current = item;
        phone.moving = true; // until a tick finds it said to the end
      }
    }
    if (!follow) return;
    const box = $(".captions", phone.el);
    const bottom = box.scrollHeight - box.clientHeight;
    box.scrollTop = current ? Math.min(bottom, current.coming.offsetTop - box.clientHeight * 0.6) : bottom;
  }

  function tick() {
    setText($("#time"), wallTime());
    for (const phone of phones.values()) {
      if (!phone.view || phone.el.hidden) continue;
      const talking = phone.view.state === "talking";
      setText($(".timer", phone.el), talking ? duration(now() - phone.view.since) : "");
      if (phone.moving) advance(phone, !phone.el.querySelector(".captions:focus, .captions:hover"));
    }
  }

  // ---- Sound: the browser's own voices, recordings, and the tones of the keys ----

  const synth = window.speechSynthesis;
  let voices = [];

  // Only a voice that lives on this machine is used: the others send what is
  // said to somebody's server.
  function findVoices() {
    voices = synth ? synth.getVoices().filter((v) => v.localService === true) : [];
    setText($("#voice-note"), voices.length
      ? "The phone at the ear speaks with this browser’s own voice, at speed ×1."
      : "This browser has no voice of its own. The captions say everything.");
  }

  const announce = (text) => { $("#announce").textContent = text; };

  function hear(view, c) {
    if (c.kind === "play") play(c);
    if (c.kind !== "say" && c.kind !== "room") return;
    announce(c.from ? `${c.from}: ${c.text}` : c.text);
    const lang = (c.lang || "en").slice(0, 2);
    const voice = voices.find((v) => v.lang.slice(0, 2) === lang);
    if (!voice || clock.speed !== 1 || !isOn("#voice")) return;
    const words = new SpeechSynthesisUtterance(c.text);
    words.voice = voice;
    words.lang = voice.lang;
    if (c.from) words.pitch = 0.8 + (c.from.charCodeAt(0) % 5) / 10; // people differ
    synth.speak(words);
  }

  // A recording is that of the line itself.
  const recording = new Audio();

  function play(c) {
    if (!c.sound || clock.speed !== 1 || !isOn("#voice")) return;
    recording.src = c.sound;
    recording.play().catch(() => {}); // a browser that makes no sound still has the captions
  }

  function hush() {
    recording.pause();
    if (synth) synth.cancel();
  }
  const isOn = (button) => $(button).getAttribute("aria-pressed") === "true";

  // The two frequencies of each key, in hertz (ITU-T Q.23).
  const rows = [697, 770, 852, 941];
  const columns = [1209, 1336, 1477];
  let audio = null;

  function tone(key) {
    const at = "123456789*0#".indexOf(key);
    if (at < 0 || !isOn("#tones") || !window.AudioContext) return;
    audio ??= new AudioContext();
    const gain = audio.createGain();
    gain.gain.setValueAtTime(0.06, audio.currentTime);
    gain.gain.setTargetAtTime(0, audio.currentTime + 0.13, 0.012);
    gain.connect(audio.destination);
    for (const frequency of [rows[Math.floor(at / 3)], columns[at % 3]]) {
      const o = audio.createOscillator();
      o.frequency.value = frequency;
      o.connect(gain);
      o.start();
      o.stop(audio.currentTime + 0.2);
    }
  }

  function holdToEar(n) {
    if (ear === n) return;
    hush();
    ear = n;
    for (const [number, phone] of phones) $(".ear", phone.el).setAttribute("aria-pressed", String(number === n));
  }

  // ---- Rooms and the wire ----

  function drawRooms(rooms) {
    const box = $("#room-list");
    if (!rooms.length) {
      box.replaceChildren(make("p", "quiet", "Nobody is in a room."));
      return;
    }
    box.replaceChildren(...rooms.map((room) => {
      const people = make("dl");
      for (const p of room.people) {
        const mike = p.held ? "on hold" : p.muted ? "muted" : "open microphone";
        people.append(
          make("dt", "", `${p.name} `, make("span", "mike", `· ${mike}`)),
          make("dd", "", p.hears.length ? `hears ${list(p.hears)}` : "hears nobody"),
        );
      }
      return make("div", "room", make("h3", "", room.label), people);
    }));
  }

  function drawFaults(faults) {
    $("#faults").replaceChildren(...faults.map((f) => make("li", "", `${f.code ? `${f.code} ` : ""}${f.what} (${f.where})`)));
  }

  function drawFlow(flow) {
    setText($("#flow-words"), flow.words);
    $("#flow-problems").replaceChildren(...flow.problems.map((p) => make("li", "", p)));
  }

  const wireKept = 60;
  let freshWire = new Set();

  function drawExchange(x) {
    const id = `x-${x.seq}-${x.at}`;
    freshWire.add(id);
    if (document.getElementById(id)) return;
    const li = make("li", "", exchange(x));
    li.id = id;
    $("#exchanges").prepend(li);
    const extra = $("#exchanges").children;
    while (extra.length > wireKept) extra[extra.length - 1].remove();
  }

  function exchange(x) {
    const ok = !x.error && x.status < 400;
    const path = x.url.replace(/^https?:\/\/[^/]+/, "");
    const summary = make("summary", "",
      make("span", "who", x.phone || "The carrier"),
      make("span", ok ? "took" : "took bad", `${x.status || "no answer"} · ${x.took} ms`),
      make("span", "did", `${x.method} ${path}`));
    const params = make("dl");
    for (const [name, value] of x.params) params.append(make("dt", "", name), make("dd", "", value));
    const detail = make("div", "detail", make("h3", "", "To"), make("code", "", x.url));
    if (x.error) detail.append(make("h3", "", "What went wrong"), make("p", "", x.error));
    if (x.body) detail.append(make("h3", "", "Answer"), twiml(x.body));
    detail.append(make("h3", "", "Parameters"), params, make("h3", "", "X-Twilio-Signature"), make("code", "", x.signature));
    return make("details", "", summary, detail);
  }

  function twiml(body) {
    const parts = body.split(/(<[^>]+>)/).map((s) => (s.startsWith("<") ? make("span", "tag", s) : s));
    return make("pre", "", ...parts);
  }

  // ---- The stream ----

  function connect() {
    const stream = new EventSource("/phones/events");
    const on = (name, f) => stream.addEventListener(name, (e) => f(JSON.parse(e.data)));
    stream.addEventListener("open", () => {
      caughtUp = false;
      freshWire = new Set();
    });
    stream.addEventListener("error", () => trouble("The connection to the demo is lost. Trying again…"));
    on("clock", setClock);
    on("phone", drawPhone);
    on("rooms", drawRooms);
    on("faults", drawFaults);
    on("flow", drawFlow);
    on("wire", drawExchange);
    on("ready", () => {
      // After a restart of the demo the old exchanges mean nothing.
      for (const li of $$("#exchanges > li")) if (!freshWire.has(li.id)) li.remove();
      caughtUp = true;
      trouble("");
      document.documentElement.dataset.ready = "yes";
    });
    addEventListener("pagehide", () => stream.close());
  }

  // ---- What the visitor does ----

  const trouble = (text) => setText($("#trouble"), text);
  let sending = Promise.resolve(); // one at a time, so that digits keep their order

  function post(path, fields = {}) {
    sending = sending.then(async () => {
      try {
        const answer = await fetch(`/phones/${path}`, { method: "POST", body: new URLSearchParams(fields) });
        trouble(answer.ok ? "" : await answer.text());
        return answer.ok;
      } catch {
        trouble("The demo does not answer. Is it still running?");
        return false;
      }
    });
    return sending;
  }

  function pressKey(n, key) {
    const phone = phones.get(n);
    holdToEar(n);
    tone(key);
    const button = $(`[data-key="${key}"]`, phone.el);
    button.classList.add("down");
    setTimeout(() => button.classList.remove("down"), 140);
    if (phone.view && phone.view.state !== "talking") {
      trouble(`${phone.view.name} is not in a call: press Call first.`);
      return;
    }
    hush();
    post(`${n}/press`, { keys: key });
  }

  function wirePhone(n, el) {
    const isDisabled = (b) => b.getAttribute("aria-disabled") === "true";
    $(".go", el).addEventListener("click", (e) => {
      if (isDisabled(e.currentTarget)) return;
      holdToEar(n);
      const ringing = phones.get(n).view?.state === "incoming";
      post(`${n}/${ringing ? "answer" : "call"}`, { withheld: $(".withheld", el).checked ? "1" : "" });
    });
    $(".end", el).addEventListener("click", (e) => {
      if (!isDisabled(e.currentTarget)) post(`${n}/hangup`);
    });
    $(".ear", el).addEventListener("click", () => holdToEar(n));
    $(".pad", el).addEventListener("click", (e) => {
      const button = e.target.closest("[data-key]");
      if (button) pressKey(n, button.dataset.key);
    });
    wireTexts(n, el);
    el.addEventListener("keydown", (e) => {
      const typing = e.target.matches("[name=text], select");
      if (typing || e.repeat || e.ctrlKey || e.metaKey || e.altKey || !/^[0-9*#]$/.test(e.key)) return;
      e.preventDefault();
      pressKey(n, e.key);
    });
    $(".say", el).addEventListener("submit", async (e) => {
      e.preventDefault();
      const input = $("input", e.currentTarget);
      const text = input.value.trim();
      if (!text) return;
      holdToEar(n);
      if ((await post(`${n}/say`, { text })) && input.value.trim() === text) input.value = "";
    });
  }

  function wireTexts(n, el) {
    const body = $("textarea", el);
    const count = () => setText($(".size", el), size(body.value));
    count();
    body.addEventListener("input", count);
    body.addEventListener("beforeinput", (e) => {
      if (e.inputType !== "insertLineBreak") return; // Enter sends, on any keyboard
      e.preventDefault();
      $(".write", el).requestSubmit();
    });
    $(".write", el).addEventListener("submit", async (e) => {
      e.preventDefault();
      const text = body.value;
      if (!text.trim()) return;
      holdToEar(n);
      if ((await post(`${n}/text`, { text })) && body.value === text) body.value = "";
      count();
    });
    for (const fare of $$(".fare", el)) fare.addEventListener("change", () => post(`${n}/${fare.name}`, { as: fare.value }));
    for (const b of $$("[data-show]", el)) b.addEventListener("click", () => openTab(phones.get(n), b.dataset.show));
  }

  // show brings a phone onto the page and keeps it there over a reload.
  function show(el) {
    if (!el.hidden) return;
    el.hidden = false;
    const hidden = $$(".phone[hidden]").length;
    $("#add").hidden = hidden === 0;
    history.replaceState(null, "", `?phones=${phones.size - hidden}`);
  }

  function wirePage() {
    for (const [n, phone] of phones) wirePhone(n, phone.el);
    $("#add").hidden = $$(".phone[hidden]").length === 0;
    $("#add").addEventListener("click", () => {
      const el = $(".phone[hidden]");
      show(el);
      $(".go", el).focus();
    });
    for (const b of $$("[data-speed]")) b.addEventListener("click", () => post("clock", { speed: b.dataset.speed }));
    for (const b of $$("[data-forward]")) b.addEventListener("click", () => post("clock", { forward: b.dataset.forward }));
    for (const b of $$(".switches button")) {
      b.addEventListener("click", () => {
        b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
        if (!isOn("#voice")) hush();
      });
    }
  }

  wirePage();
  findVoices();
  synth?.addEventListener?.("voiceschanged", findVoices);
  connect();
  setInterval(tick, 100);
})();
