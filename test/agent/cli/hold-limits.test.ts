// An agent over its memory limit ends as if it were told to, with an exit code that says why.
import t from 'tap'
import { holdLimits } from '../../../agent/cli/hold-limits.ts'

const process = () => ({ exitCode: undefined as number | undefined, exit: () => t.fail('it ends by itself') })

t.test('over the limit: the signal aborts and the exit code is set', async t => {
  const self = process()
  const { signal, ended } = holdLimits({ run: async () => true }, new AbortController().signal, self)
  t.equal(signal.aborted, false)
  await ended
  t.equal(signal.aborted, true)
  t.equal(self.exitCode, 75)
})

t.test('ended by somebody else: the exit code stays', async t => {
  const self = process()
  const shutdown = new AbortController()
  const run = (signal: AbortSignal) =>
    new Promise<boolean>(resolve => signal.addEventListener('abort', () => resolve(false)))
  const { signal, ended } = holdLimits({ run }, shutdown.signal, self)
  shutdown.abort()
  await ended
  t.equal(signal.aborted, true)
  t.equal(self.exitCode, undefined)
})
