// The process that judges checks which people of a site wrote: requests on standard input, results on standard output.
// A program of its own, so that it can be killed whatever an expression does, and has a memory limit of its own.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { runInThisContext } from 'node:vm'
import { createSandboxSide } from '../policy/sandbox-side.ts'
import { facets } from '../proto/facets.generated.ts'

/** Whoever started this kills it long before; this is for when nobody is left to. */
const orphanMs = 30_000

async function judgeRequests(): Promise<void> {
  const answer = createSandboxSide(facets)
  for await (const line of createInterface({ input: process.stdin })) {
    const answers = answer(JSON.parse(line))[Symbol.iterator]()
    for (;;) {
      const { done, value } = withinTime(() => answers.next())
      if (done) break
      if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await once(process.stdout, 'drain')
    }
  }
}

/** Only the engine's own watchdog ends a loop in the thread that runs it. It throws, and the process ends. */
function withinTime<T>(step: () => T): T {
  let outcome: { readonly value: T } | undefined
  const gabionStep = () => {
    outcome = { value: step() }
  }
  Object.assign(globalThis, { gabionStep })
  runInThisContext('gabionStep()', { timeout: orphanMs })
  if (!outcome) throw new Error('the step was not taken')
  return outcome.value
}

// What rejects ends the process with 1.
void judgeRequests()
