// Tables and JSON of the commands with everything that a host or an asker may say: nothing acts on a terminal.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import { newApiToken } from '../../../collector/auth/access/api-token.ts'
import { hostileStrings, nameOf, terminalHarm, textsIn } from '../../hostile.ts'
import { sourceFiles } from '../../rules/sources.ts'
import { runBin } from '../../run-bin.ts'
import { startTestCollector } from '../start-collector.ts'

const collector = await startTestCollector(t)
const texts = hostileStrings.map(nameOf)
await collector.store.write(async transaction => {
  for (const [index, said] of texts.entries()) {
    const { id, secretHash } = newApiToken()
    const times = { createdAtMs: index, expiresAtMs: 9e12, revokedAtMs: 0 }
    await transaction.putApiToken({
      ...{ ...times, id, description: said, role: 'viewer', labels: { said }, secretHash, createdBy: said },
      lastUsedAtMs: 0,
    })
    const tokenId = id.slice(0, 8)
    await transaction.putToken({
      ...{ ...times, id: tokenId, description: said, labels: { said }, secretHash },
      ...{ maxUses: 1, uses: 0, needsApproval: false },
    })
    await transaction.putEnrollment({
      ...{ requestId: randomUUID(), tokenId, state: 'pending', hostId: '', hostname: said, machineId: said },
      ...{ requestHash: 'sha256:x', address: said, requestedAtMs: Date.now(), decidedAtMs: 0 },
    })
    const opened = await transaction.openHost({
      ...{ hostKey: randomUUID(), hostname: said, machineId: said, bootId: said, agentVersion: '1', outboxId: 'o' },
      ...{ labels: { said }, skewMs: 0, atMs: 1 },
    })
    await transaction.retireHost(opened.id, said, 1)
  }
})

/** Commands that list something, by the file that they are in. */
const lists: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'collector/cli/api-token.ts': [
    ['api-token', 'list'],
    ['api-token', 'list', '--output', 'json'],
  ],
  'collector/cli/host.ts': [
    ['host', 'pending'],
    ['host', 'standing'],
  ],
  'collector/cli/token.ts': [
    ['token', 'list'],
    ['token', 'list', '--output', 'json'],
  ],
}

for (const command of Object.values(lists).flat()) {
  t.test(`${command.join(' ')} shows text and nothing else`, async t => {
    const { code, stdout } = await runBin('collector', [...command, '--data-dir', collector.dataDirectory])
    t.equal(code, 0)
    t.equal(terminalHarm(stdout), '')
    if (command.includes('json')) {
      const shown = new Set(textsIn(JSON.parse(stdout)))
      t.same(
        texts.filter(said => !shown.has(said)),
        [],
        'every text is there as it was',
      )
    } else t.equal(stdout.trimEnd().split('\n').length, texts.length + 1, 'a row for each')
  })
}

t.test('every command that makes a table is here', async t => {
  const making = sourceFiles(['collector/cli/*.ts']).filter(({ text }) => /\btable\(\[/.test(text))
  t.same(making.map(({ path }) => path).sort(), Object.keys(lists).sort())
})
