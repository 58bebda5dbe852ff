// Counts what was judged, so that a run ends with one line that a person and a script can read.

export class Report {
  #passed = 0;
  #failed = 0;

  pass(name) {
    this.#passed += 1;
    console.log(`ok       ${name}`);
  }

  fail(name, reason) {
    this.#failed += 1;
    console.log(`FAILED   ${name}\n${indent(reason)}`);
  }

  /** Something a standard only recommends: told, not counted. */
  note(name, reason) {
    console.log(`advice   ${name}\n${indent(reason)}`);
  }

  /** Passes when `judge` returns, fails with the text of what it throws. */
  async check(name, judge) {
    try {
      await judge();
    } catch (reason) {
      this.fail(name, reason instanceof Error ? reason.message : reason);
      return;
    }
    this.pass(name);
  }

  /** Runs a judge that counts for itself; only its own breakdown is a failure more. */
  async finish(name, judge) {
    try {
      await judge();
    } catch (reason) {
      this.fail(`${name} could not finish`, reason instanceof Error ? reason.message : reason);
    }
  }

  close() {
    console.log(`\n${this.#passed} passed, ${this.#failed} failed`);
    process.exitCode = this.#failed === 0 && this.#passed > 0 ? 0 : 1;
  }
}

function indent(text) {
  return String(text).trimEnd().split('\n').map((line) => `         ${line}`).join('\n');
}
