// Applies changes of two hosts until it is killed, and prints each sequence after it was acknowledged.
import { dirname } from 'node:path'
import { applyChange } from '../../../../collector/domain/apply-change.ts'
import { smallState } from '../../../small-facet.ts'
import { changeOf, openDomain } from '../../open-domain.ts'

const directory = dirname(process.argv[2] ?? '')
const domain = await openDomain({ teardown: () => undefined, testdir: () => directory } as never, { directory })

async function applyAll(key: string): Promise<void> {
  const { host, appliedSequence } = await domain.open(key)
  for (let sequence = appliedSequence + 1; ; sequence++) {
    const change = changeOf(sequence, smallState({ sequence, other: sequence % 3 }))
    await domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
    process.stdout.write(`${key} ${sequence}\n`)
  }
}

await Promise.all([applyAll('a'), applyAll('b')])
