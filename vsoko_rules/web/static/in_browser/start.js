// The start page: loads the program, says how far it is, and then shows its pages in a frame. One tab runs it at a time.
"use strict";

const say = (name, values = {}) => {
  const text = document.querySelector(`template[data-text="${name}"]`).innerHTML.trim();
  document.getElementById("status").textContent = text.replace(/%(\w+)%/g, (_, key) => values[key] ?? "");
};
const under = new URL("./app/", location).pathname;
let worker = null;
let ready = false;

async function begin() {
  if (!("serviceWorker" in navigator) || typeof WebAssembly === "undefined") return say("cannot");
  if (!navigator.locks) return run();
  navigator.locks.request(`vsoko ${under}`, { ifAvailable: true }, (lock) => {
    if (!lock) return say("elsewhere");
    return run().then(() => new Promise(() => {})); // held as long as the page is open
  });
}

async function run() {
  say("loading", { done: "0", total: "…" });
  navigator.serviceWorker.onmessage = ({ data, ports }) => {
    if (data.kind === "loaded") say("loading", { done: inMegabytes(data.done), total: inMegabytes(data.total) });
    if (data.kind === "ask") hand(data, ports[0]);
  };
  try {
    const registration = await navigator.serviceWorker.register("service.js", { updateViaCache: "none" });
    await controlled(registration);
    watch(registration);
  } catch (error) {
    return say("notLoaded", { why: String(error.message || error) });
  }
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  worker = new Worker("python.js", { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data.kind === "step") say(data.step);
    if (data.kind === "failed") say("failed", { why: data.why });
    if (data.kind === "ready") show();
  };
  worker.postMessage({ kind: "start", host: location.host, under });
}

function inMegabytes(bytes) {
  return (bytes / 1e6).toFixed(1).replace(".", ",");
}

function controlled(registration) {
  if (navigator.serviceWorker.controller) return Promise.resolve();
  return new Promise((resolve, reject) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve(), { once: true });
    const coming = registration.installing || registration.waiting;
    if (registration.active) registration.active.postMessage("claim");
    coming?.addEventListener("statechange", () => {
      if (coming.state === "redundant") reject(new Error("service worker"));
    });
  });
}

// A new version of the site was loaded beside this one: it takes over when the user says so.
function watch(registration) {
  const offer = () => {
    const bar = document.getElementById("update");
    bar.hidden = false;
    bar.querySelector("button").onclick = () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      registration.waiting.postMessage("replace");
    };
  };
  if (registration.waiting) offer();
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming.addEventListener("statechange", () => {
      if (coming.state === "installed" && registration.waiting) offer();
    });
  });
}

function hand(asked, port) {
  if (!ready) return port.postMessage(null);
  const body = asked.body;
  worker.postMessage(asked, body ? [port, body] : [port]);
}

function show() {
  ready = true;
  const frame = document.getElementById("program");
  frame.addEventListener("load", () => {
    const shown = frame.contentDocument;
    if (shown && shown.title) document.title = shown.title;
  });
  frame.src = under;
  frame.hidden = false;
  document.getElementById("start").hidden = true;
}

begin();
