// A change of a host's files shows up as drift in words, seconds after it was made.
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { materializeFixture } from '../materialize-fixture.ts'
import { createSystem, type DriftItem } from './system.ts'

const skip = process.getuid?.() === 0 ? false : 'needs root to give files their owners'

t.test('a user and a file in modprobe.d', { skip }, async t => {
  const root = materializeFixture(t, 'debian12-vm')
  const system = await createSystem(t, ['--root', root])
  system.collector.start()
  await system.until(
    'ready',
    () => fetch(`${system.base}/readyz`),
    response => response.ok,
  )
  system.agent.start()
  await system.until(
    'watching',
    async () => system.agent.log,
    log => log.includes('first sweep done'),
  )
  await system.until(
    'judged',
    () => system.get<{ items: readonly unknown[] }>('results?limit=1'),
    ({ items }) => items.length > 0,
  )

  const drift = async (subject: string) =>
    (await system.get<{ items: readonly DriftItem[] }>(`drift?subject=${subject}`)).items
  const told = (subject: string, text: RegExp) =>
    system.until(
      String(text),
      () => drift(subject),
      rows => rows.some(row => text.test(row.text)),
    )

  const passwd = join(root, 'etc/passwd')
  appendFileSync(passwd, 'mallory:x:1234:1234::/home/mallory:/bin/sh\n')
  await told('accounts', /user mallory .*added/)

  const rules = join(root, 'etc/modprobe.d/zz-test.conf')
  writeFileSync(`${rules}.new`, 'install usb_storage /bin/false\n')
  renameSync(`${rules}.new`, rules)
  await told('kernel-modules', /usb_storage/)

  rmSync(rules)
  const rows = await system.until(
    'gone again',
    () => drift('kernel-modules'),
    found => found.length >= 2,
  )
  t.ok(rows.length >= 2, rows.map(row => row.text).join('; '))
  t.same((await drift('accounts')).map(row => row.change).sort()[0], 'added')
  const results = (await system.get<{ items: readonly DriftItem[] }>('drift?kind=result')).items
  const group = results.find(row => row.text.includes('gid 1234'))
  t.match(group, { text: /pass → fail/ }, 'and what it means for a check')
})
