// Exit codes of `scan`: what a pipeline decides by.
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { materializeFixture } from '../../materialize-fixture.ts'
import { runBin } from '../../run-bin.ts'

const skip = process.getuid?.() === 0 ? false : 'needs root to give files their owners and to become nobody'
const nobody = 65_534

t.test('0 without --fail-on, whatever is found', { skip }, async t => {
  const root = materializeFixture(t, 'debian12-vm')
  const { code, stdout } = await runBin('agent', ['scan', '--root', root])
  t.equal(code, 0)
  t.match(stdout, /\d+ findings/)
})

t.test('1 with a finding at or above the severity, 0 with only lesser ones', { skip }, async t => {
  const root = materializeFixture(t, 'debian12-vm')
  const scan = async (...args: string[]) => (await runBin('agent', ['scan', '--root', root, ...args])).code
  t.equal(await scan('--fail-on', 'critical'), 1, 'a user without a password is critical')
  t.equal(await scan('--fail-on', 'low'), 1)
  t.equal(await scan('--fail-on', 'high', '--check', 'default-umask-strict'), 0, 'a low finding')
  t.equal(await scan('--fail-on', 'low', '--check', 'default-umask-strict'), 1)
})

t.test('3 when a check at or above the severity could not be judged, and the file is named', { skip }, async t => {
  const root = materializeFixture(t, 'debian12-vm')
  chmodSync(root, 0o755)
  const args = ['scan', '--root', root, '--check', 'no-empty-passwords']
  const asNobody = await runBin('agent', [...args, '--fail-on', 'critical'], { uid: nobody })
  t.equal(asNobody.code, 3, asNobody.stderr)
  t.match(asNobody.stdout, /\/etc\/shadow: unreadable \(EACCES/)
  t.equal((await runBin('agent', args, { uid: nobody })).code, 0, 'but 0 when nobody asked to fail')
  t.equal((await runBin('agent', [...args, '--fail-on', 'critical'])).code, 1, 'and root sees the finding')
})

t.test('a finding weighs more than what could not be judged', { skip }, async t => {
  const root = materializeFixture(t, 'debian12-vm')
  chmodSync(root, 0o755)
  const args = ['scan', '--root', root, '--fail-on', 'low', '--check', 'no-empty-passwords,default-umask-strict']
  t.equal((await runBin('agent', args, { uid: nobody })).code, 1)
})

t.test('2 for bad usage', async t => {
  t.equal((await runBin('agent', ['scan', '--root', join('/', 'does', 'not', 'exist')])).code, 2)
})
