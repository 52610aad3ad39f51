// Shows the node's height and its last block.

const line = document.getElementById("status");

try {
  const status = await (await fetch("/status")).json();
  line.textContent = `Height ${status.height}, ${status.pool.count} payments in the pool, ${status.rules.description}.`;
  document.getElementById("latest").textContent = await (await fetch("/blocks/latest")).text();
} catch {
  line.textContent = "The node does not answer. It may have been stopped.";
}
