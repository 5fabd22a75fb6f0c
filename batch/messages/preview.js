"use strict";
const { words, steps, standings, lines, messages } = JSON.parse(document.getElementById("messages").textContent);
const at = (id) => document.getElementById(id);
const list = at("list"), search = at("search"), frame = at("frame");
let shown = [], current = null, asText = false;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

const whole = (places, end) => places.map((place) => lines[place]).join(end);

// Accents and case do not matter in a search: "societe" finds "Société".
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function entry(message) {
  const made = element("button", "", "");
  made.type = "button";
  const who = element("span", "who", "");
  who.append(element("span", "", message.name), element("span", "", message.asked));
  made.append(who, element("div", "about", `${steps[message.step]} · ${standings[message.standing]}`), element("div", "subject", message.subject));
  made.addEventListener("click", () => open(message));
  message.entry = made;
  return made;
}

// What a search looks through is put together when the first search needs it.
function sought(message) {
  message.sought ??= plain([message.name, message.id, message.email, message.subject, whole(message.text, "\n\n")].join(" "));
  return message.sought;
}

function filter() {
  const wanted = plain(search.value).split(/\s+/).filter(Boolean);
  const step = at("step").value, standing = at("standing").value;
  shown = messages.filter((message) => {
    const fits = (!step || message.step === Number(step)) && (!standing || message.standing === Number(standing))
      && wanted.every((word) => sought(message).includes(word));
    message.entry.hidden = !fits;
    return fits;
  });
  at("shown").textContent = words.shown.replace("{shown}", shown.length).replace("{all}", messages.length);
  nothing.hidden = shown.length > 0;
}

function open(message, quiet) {
  current?.entry.removeAttribute("aria-current");
  current = message;
  message.entry.setAttribute("aria-current", "true");
  message.entry.scrollIntoView({ block: "nearest" });
  at("empty").hidden = true;
  at("mail").hidden = false;
  at("subject").textContent = message.subject;
  at("about").textContent = `${words.to} ${message.name} – ${message.email || words.no_email}`;
  const tags = [message.asked, steps[message.step], standings[message.standing], message.late, message.channel].filter(Boolean);
  at("tags").replaceChildren(...tags.map((tag) => element("span", "", tag)), element("span", message.needed ? "needed" : "", message.needed ? words.approval_needed : words.approval_auto));
  fill();
  if (!quiet) {
    document.body.classList.add("reading");
    history.replaceState(null, "", `#${encodeURIComponent(message.key)}`);
  }
}

// The frame runs no script and knows no origin; only the mail that is looked at is ever in it.
function fill() {
  frame.hidden = asText;
  at("text").hidden = !asText;
  frame.srcdoc = asText ? "" : whole(current.html, "\n");
  at("text").textContent = asText ? whole(current.text, "\n\n") : "";
  at("form-html").setAttribute("aria-pressed", String(!asText));
  at("form-text").setAttribute("aria-pressed", String(asText));
}

function turn(by) {
  if (!shown.length) return;
  const place = shown.indexOf(current);
  open(shown[place < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, place + by))]);
}

function fromAddress() {
  const key = location.hash.slice(1);
  return messages.find((message) => encodeURIComponent(message.key) === key || message.key === key);
}

function choices(id, labels) {
  labels.forEach((label, place) => {
    const option = element("option", "", label);
    option.value = String(place);
    at(id).append(option);
  });
  at(id).addEventListener("change", filter);
}

const nothing = element("p", "none", messages.length ? words.nothing_found : words.none);
choices("step", steps);
choices("standing", standings);
list.append(nothing, ...messages.map(entry));
search.addEventListener("input", filter);
at("back").addEventListener("click", () => document.body.classList.remove("reading"));
at("previous").addEventListener("click", () => turn(-1));
at("next").addEventListener("click", () => turn(1));
at("form-html").addEventListener("click", () => { asText = false; fill(); });
at("form-text").addEventListener("click", () => { asText = true; fill(); });
window.addEventListener("hashchange", () => { const message = fromAddress(); if (message) open(message); });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const typing = event.target.matches("input, select");
  if (event.key === "Escape") { search.blur(); document.body.classList.remove("reading"); return; }
  if (typing) return;
  const turns = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  if (event.key in turns) { event.preventDefault(); turn(turns[event.key]); }
  if (event.key === "/") { event.preventDefault(); search.focus(); }
});
filter();
const first = fromAddress();
if (first) open(first);
else if (messages.length) open(messages[0], true);
