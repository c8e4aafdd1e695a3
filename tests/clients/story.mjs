// The story with Node's fetch: the argument is the URL of a server that plays Ombori.

const api = `${process.argv[2]}/api/v1`;

async function ask(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "content-type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(api + path, options);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
  return text;
}

const account = "/accounts/node";
await ask("POST", "/accounts", { name: "node", vendor: "ombori", seed: 1 });
await ask("POST", `${account}/actions?wait=delivered`, { phrase: "Anna takes a walk-in ticket" });
for (const action of ["call", "check-in"]) {
  const body = { arguments: { who: "Anna" } };
  await ask("POST", `${account}/actions/${action}?wait=delivered`, body);
}
await ask("POST", `${account}/clock/advance`, { by: "10m" });
const deliveries = JSON.parse(await ask("GET", `${account}/deliveries`));
for (const delivery of deliveries.items) console.log(delivery.trigger);
const stream = await ask("GET", "/events?until=now&account=node");
console.log(stream.split("\n").filter((line) => line === "event: attempted").length);
