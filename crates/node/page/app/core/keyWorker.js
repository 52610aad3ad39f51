// Makes keys and signatures in a worker, so that the page stays responsive.
import { makeKey, sign } from "./rsa.js";

addEventListener("message", ({ data }) => {
  postMessage(data.message === undefined ? makeKey() : sign(data.message, data.key));
});
