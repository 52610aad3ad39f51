// Makes keys and signatures away from the page, which stays quick meanwhile.
import { makeKey, sign } from "./rsa.js";

addEventListener("message", ({ data }) => {
  postMessage(data.message === undefined ? makeKey() : sign(data.message, data.key));
});
