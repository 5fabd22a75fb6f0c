"use strict";
const { words, steps, standings, lines, messages } = JSON.parse(document.getElementById("messages").textContent);
const at = (id) => document.getElementById(id);
const list = at("list"), search = at("search"), frame = at("frame"), more = at("more");
const STEP = 100; // entries of the list that are made at a time
const wide = matchMedia("(min-width: 761px)"); // as in preview.css: list and message side by side
const pressed = { html: at("form-html"), text: at("form-text") };
let shown = [], drawn = 0, current = null, stop = null, form = "html";

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

const whole = (places, end) => places.map((place) => lines[place]).join(end);

// Accents and case do not matter in a search: "societe" finds "Société".
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// What a search looks through is put together when the first search needs it; the text holds the invoices' numbers.
const plainLines = [];
function sought(message) {
  message.sought ??= [
    plain([message.name, message.id, message.email, message.subject].join(" ")),
    ...message.text.map((place) => plainLines[place] ??= plain(lines[place])),
  ].join(" ");
  return message.sought;
}

function entry(message) {
  const made = element("button", "", "");
  made.type = "button";
  made.tabIndex = -1;
  const who = element("span", "who", "");
  who.append(element("bdi", "", message.name), element("span", "", message.asked));
  const about = element("span", "about", `${steps[message.step]} · ${standings[message.standing]}`);
  if (message.needed) about.append(" · ", element("span", "needed", words.approval_needed));
  made.append(who, about, element("span", "subject", message.subject));
  made.addEventListener("click", () => { open(message); if (!wide.matches) at("subject").focus(); });
  return made;
}

// The list is made as far as somebody looks: thousands of entries would take longer to lay out than to read.
function draw(count) {
  const from = drawn;
  drawn = Math.max(drawn, Math.min(count, shown.length));
  more.before(...shown.slice(from, drawn).map((message) => message.entry ??= entry(message)));
  more.hidden = drawn >= shown.length;
}

function filter() {
  const wanted = plain(search.value).split(/\s+/).filter(Boolean);
  const step = at("step").value, standing = at("standing").value;
  shown = messages.filter((message) => (!step || message.step === Number(step))
    && (!standing || message.standing === Number(standing)) && wanted.every((word) => sought(message).includes(word)));
  drawn = 0;
  list.replaceChildren(at("nothing"), more);
  draw(STEP);
  list.scrollTop = 0;
  at("shown").textContent = words.shown.replace("{shown}", shown.length).replace("{all}", messages.length);
  at("nothing").hidden = shown.length > 0;
  stopAt(shown.includes(current) ? current : shown[0]);
}

// One entry takes part in the order of the Tab key; the arrows move on from there.
function stopAt(message) {
  if (stop?.entry) stop.entry.tabIndex = -1;
  stop = message ?? null;
  if (stop?.entry) stop.entry.tabIndex = 0;
}

function open(message, quiet) {
  current?.entry?.removeAttribute("aria-current");
  current = message;
  draw(shown.indexOf(message) + 1);
  message.entry.setAttribute("aria-current", "true");
  message.entry.scrollIntoView({ block: "nearest" });
  stopAt(message);
  at("empty").hidden = true;
  at("mail").hidden = false;
  at("subject").textContent = message.subject;
  at("about").replaceChildren(`${words.to} `, element("bdi", "", message.name), " – ", element("bdi", "", message.email || words.no_email));
  const tags = [message.asked, steps[message.step], standings[message.standing], message.late, message.channel].filter(Boolean);
  at("tags").replaceChildren(...tags.map((tag) => element("span", "", tag)), element("span", message.needed ? "needed" : "", message.needed ? words.approval_needed : words.approval_auto),
    ...message.files.map((file) => element("span", "file", file)), ...(message.held ? [element("span", "needed", words.waits)] : []));
  if (!quiet) {
    document.body.classList.add("reading");
    history.replaceState(null, "", `#${message.key}`);
  }
  fill();
}

// The frame runs no script, opens no window and knows no origin, and the policy lets it ask for nothing. Browsers connect
// ahead to what a frame inside it names, policy or not, so what could do that is taken out; a link would have to open a
// window, so a click on it does nothing.
const TAKEN_OUT = "link, base, script, meta[http-equiv], iframe, frame, object, embed, template";
function harmless(html) {
  const mail = new DOMParser().parseFromString(html, "text/html");
  for (const one of mail.querySelectorAll(TAKEN_OUT)) one.remove();
  for (const one of mail.querySelectorAll("a, area, form")) one.setAttribute("target", "_blank");
  return `<!DOCTYPE html>${mail.documentElement.outerHTML}`;
}

// Only the mail that is looked at is ever in the frame.
function fill() {
  frame.hidden = form !== "html";
  at("text").hidden = form !== "text";
  frame.srcdoc = form === "html" ? harmless(whole(current.html, "\n")) : "";
  at("text").textContent = form === "text" ? whole(current.text, "\n\n") : "";
  for (const [name, button] of Object.entries(pressed)) button.setAttribute("aria-pressed", String(name === form));
}

function show(wanted) {
  form = wanted;
  if (current) fill();
}

function turn(by) {
  if (!shown.length) return;
  const place = shown.indexOf(current), moved = Math.min(shown.length - 1, Math.max(0, place + by));
  draw(moved + STEP / 2);
  const focused = list.contains(document.activeElement) || document.activeElement === document.body;
  open(shown[place < 0 ? 0 : moved]);
  if (focused) current.entry.focus({ preventScroll: true });
}

function toList() {
  if (!document.body.classList.contains("reading") || wide.matches) return;
  document.body.classList.remove("reading");
  current?.entry.focus();
}

function everything() {
  search.value = at("step").value = at("standing").value = "";
  filter();
}

// A link from the workbook names a message; one that is no longer there is said to be gone.
function fromAddress() {
  const key = location.hash.slice(1);
  const message = messages.find((one) => one.key === key);
  if (message && !shown.includes(message)) everything();
  if (message) open(message);
  else if (!key && messages.length && wide.matches) open(messages[0], true);
  else if (key) at("empty").textContent = words.gone;
}

function choices(id, labels) {
  at(id).append(...labels.map((label, place) => new Option(label, String(place))));
  at(id).addEventListener("change", filter);
}

const KEYS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

function escape() {
  if (document.activeElement !== search) return toList();
  if (search.value) { search.value = ""; filter(); }
  search.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") return escape();
  const inSearch = event.target === search;
  if (event.target.matches("select, pre") || (inSearch && event.key.length === 1)) return;
  if (event.key in KEYS) { event.preventDefault(); if (inSearch) search.blur(); turn(KEYS[event.key]); }
  if (event.key === "/") { event.preventDefault(); document.body.classList.remove("reading"); search.select(); }
});
choices("step", steps);
choices("standing", standings);
search.addEventListener("input", filter);
more.addEventListener("click", () => draw(drawn + STEP));
new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) draw(drawn + STEP); }, { root: list, rootMargin: "800px" }).observe(more);
at("back").addEventListener("click", toList);
at("previous").addEventListener("click", () => turn(-1));
at("next").addEventListener("click", () => turn(1));
for (const name of Object.keys(pressed)) pressed[name].addEventListener("click", () => show(name));
window.addEventListener("hashchange", fromAddress);
wide.addEventListener("change", () => { if (!current) fromAddress(); });
at("nothing").textContent = messages.length ? words.nothing_found : words.none;
filter();
fromAddress();
