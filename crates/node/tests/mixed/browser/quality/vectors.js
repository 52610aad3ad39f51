// Runs the test vectors of the Rust crates through the page's own modules. Calls the last argument with the number of cases of
// each kind, and the failures.
const [files, done] = arguments;

async function run() {
  const load = (name) => import(`/page/app/${name}.js`);
  const [{ read }, { readBlock, signedAmount }, { number, canonical }, { fromBase64, walletOf }, rsa, { NoSecret, readSecret }, keys] = await Promise.all(
    ["core/json", "core/block", "core/canonical", "core/address", "core/rsa", "core/secret", "node/keys"].map(load));
  const counts = {}, failures = [];
  const check = (kind, name, left, right) => {
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (left !== right) failures.push(`${kind}, ${name}: ${String(left).slice(0, 200)} is not ${String(right).slice(0, 200)}`);
  };
  const message = ({ sender, recipient, amount }) => sender + recipient + signedAmount(amount);
  const reason = (text) => {
    try {
      return readSecret(text) && "a key";
    } catch (error) {
      return error instanceof NoSecret ? "no key" : error;
    }
  };

  for (const wallet of read(files.signatures)) {
    for (const form of ["secret_pkcs1", "secret_pkcs8"]) {
      const key = readSecret(wallet[form]);
      check("address", form, rsa.addressOfKey(key), wallet.address);
      check("secret", form, btoa(rsa.privatePem(key)), wallet.secret_pkcs1);
    }
    const key = readSecret(wallet.secret_pkcs1);
    for (const payment of wallet.payments) {
      const name = `${payment.recipient.slice(0, 10)} ${payment.amount}`;
      const sender = walletOf(payment.sender);
      check("verified", name, Boolean(sender && rsa.fits(message(payment), fromBase64(payment.signature), sender)), payment.valid);
      if (!payment.valid) continue;
      check("signed", name, rsa.sign(message(payment), key), payment.signature);
      check("signed in a worker", name, await keys.sign(message(payment), key, new AbortController().signal), payment.signature);
    }
  }
  for (const { received, canonical: wanted } of read(files.floats)) check("number", received, number(received), wanted);
  for (const { received, canonical: wanted, hash } of read(files.blocks)) {
    check("canonical text", hash, canonical(read(received)), wanted);
    check("hash", hash, readBlock(wanted).hash, hash);
  }
  const { good_keys: good, bad_keys: bad, addresses, bad_addresses: others } = read(files.keys);
  for (const [name, text] of Object.entries(addresses)) check("wallet", name, walletOf(text) !== null, true);
  for (const [name, text] of Object.entries(others)) check("no wallet", name, walletOf(text) !== null, false);
  for (const name of ["pkcs1", "pkcs1_newline", "spki_crlf", "spki_newline", "spki_width_76"]) {
    check("fingerprint", name, walletOf(addresses[name]).fingerprint, walletOf(read(files.signatures)[0].address).fingerprint);
  }
  for (const [name, text] of Object.entries(good)) check("good key", name, reason(text), "a key");
  for (const [name, text] of Object.entries(bad)) check("bad key", name, reason(text), "no key");
  return { counts, failures };
}

run().then(done, (error) => done({ counts: {}, failures: [String(error.stack)] }));
