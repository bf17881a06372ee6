// Runs the program: Python in a worker, so that the page stays usable. It is told to start, then answers requests one
// after another; what a request changed is in the storage of the browser before it is answered.
import { loadPyodide } from "./parts/pyodide/pyodide.mjs";

let python, page;
let last = Promise.resolve();

self.onmessage = ({ data, ports }) => {
  last = last.then(() => (data.kind === "start" ? start(data) : ask(data, ports[0])));
};

async function start({ host, under }) {
  try {
    tell("python");
    python = await loadPyodide({ indexURL: new URL("./parts/pyodide/", self.location).href });
    tell("packages");
    await solver();
    for (const [name, folder] of [["native.zip", "/packages"], ["vsoko.zip", "/program"]]) {
      const packed = await (await fetch(`./parts/${name}`)).arrayBuffer();
      python.unpackArchive(packed, "zip", { extractDir: folder });
    }
    const packages = new Uint8Array(await (await fetch("./parts/packages.zip")).arrayBuffer());
    python.FS.writeFile("/packages.zip", packages);
    tell("storage");
    python.FS.mkdirTree("/kept");
    python.FS.mount(python.FS.filesystems.IDBFS, {}, "/kept");
    await keep(true);
    tell("program");
    python.globals.set("_host", host);
    python.globals.set("_under", under);
    page = python.runPython(`
import sys
sys.path[:0] = ["/program", "/packages", "/packages.zip"]
from vsoko_rules.web.in_browser import opened
opened(_host, _under)
`);
    await keep(false);
    self.postMessage({ kind: "ready" });
  } catch (error) {
    self.postMessage({ kind: "failed", why: String(error).slice(-2000) });
  }
}

async function solver() {
  const { default: load } = await import("./parts/highs/highs.mjs");
  const highs = await load({ locateFile: (name) => new URL(`./parts/highs/${name}`, self.location).href });
  python.registerJsModule("vsoko_solver", {
    solve: (text, options) => JSON.stringify(highs.solve(text, JSON.parse(options))),
  });
}

function keep(read) {
  return new Promise((resolve, reject) => {
    python.FS.syncfs(read, (error) => (error ? reject(error) : resolve()));
  });
}

async function ask({ method, address, headers, body }, port) {
  let answer;
  try {
    const told = page.ask(method, address, python.toPy(headers), python.toPy(new Uint8Array(body || 0)).tobytes());
    const content = told.body.toJs();
    answer = { status: told.status, headers: told.headers.toJs().map(([name, value]) => [name, value]), body: content };
    if (told.changed) await keep(false);
    told.destroy();
  } catch (error) {
    const text = new TextEncoder().encode(String(error).slice(-2000));
    answer = { status: 500, headers: [["content-type", "text/plain; charset=utf-8"]], body: text };
  }
  port.postMessage(answer);
}

function tell(step) {
  self.postMessage({ kind: "step", step });
}
