// Applies changes of hosts until it is killed, and prints each sequence after it was acknowledged.
// argv: path of a database file or URL of a database, names of hosts, outbox
import { dirname } from 'node:path'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { smallState } from '../../small-facet.ts'
import { changeOf, openDomain } from '../open-domain.ts'

const [where = '', keys = 'a,b', outboxId = 'o'] = process.argv.slice(2)
const place = where.startsWith('postgres:') ? { database: where, directory: '' } : { directory: dirname(where) }
const domain = await openDomain({ teardown: () => undefined, testdir: () => place.directory } as never, place)

async function applyAll(key: string): Promise<void> {
  const { host, appliedSequence } = await domain.open(key, outboxId)
  for (let sequence = appliedSequence + 1; ; sequence++) {
    const change = changeOf(sequence, smallState({ sequence, other: sequence % 3 }), { outboxId })
    await domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
    process.stdout.write(`${key} ${sequence}\n`)
  }
}

await Promise.all(keys.split(',').map(applyAll))
