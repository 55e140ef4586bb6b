// `npm run bench [-- NAME [argument…]]`: runs a bench of bench/, the latency of changes when none is named; --list tells them.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const directory = join(import.meta.dirname, '../bench')
const [name = 'latency', ...args] = process.argv.slice(2)

/** Name → what it measures. The other sides of benches begin with `The`. */
const benches = new Map(
  globSync('*.ts', { cwd: directory })
    .sort()
    .map(file => [basename(file, '.ts'), firstLine(join(directory, file))] as const)
    .filter(([, about]) => !about.startsWith('The ')),
)

if (name === '--list') {
  for (const [each, about] of benches) process.stdout.write(`${each.padEnd(14)} ${about}\n`)
} else if (benches.has(name)) {
  const { status } = spawnSync(process.execPath, [join(directory, `${name}.ts`), ...args], { stdio: 'inherit' })
  process.exitCode = status ?? 1
} else {
  process.stderr.write(
    `bench: no bench is called ${JSON.stringify(name)}; there are ${[...benches.keys()].join(', ')}\n`,
  )
  process.exitCode = 2
}

function firstLine(path: string): string {
  const [line = ''] = readFileSync(path, 'utf8').split('\n', 1)
  return line.replace(/^\/\/ /, '')
}
