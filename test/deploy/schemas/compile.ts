// Each object is written as a literal of its type: the compiler finds fields that the type does not have, or has otherwise.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outsideOfTap } from '../../outside-of-tap.ts'
import type { Manifest } from '../rendered.ts'

const compiler = join(import.meta.dirname, '../../../node_modules/typescript/bin/tsc')
const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler']

/**
 * What the compiler says against each object, undefined for nothing.
 * @param typeOf a type as TypeScript writes it, undefined where there is none for this kind
 * @throws Error when it cannot compile at all
 */
export function compileFaults(
  manifests: readonly Manifest[],
  typeOf: (manifest: Manifest) => string | undefined,
): readonly (string | undefined)[] {
  const place = mkdtempSync(join(tmpdir(), 'gabion-types-'))
  try {
    const lines = manifests.map((one, at) => `export const object${at}: ${typeOf(one)} = ${JSON.stringify(one)}`)
    writeFileSync(join(place, 'objects.ts'), `${lines.join('\n')}\n`)
    const command = [compiler, ...options, '--pretty', 'false', 'objects.ts']
    const { status, stdout, stderr } = spawnSync(...outsideOfTap(process.execPath, command), {
      cwd: place,
      encoding: 'utf8',
    })
    const said = saidOf(stdout)
    if (status !== 0 && said.size === 0) throw new Error(`tsc: ${stdout.slice(0, 2000)}${stderr.slice(0, 2000)}`)
    return manifests.map((one, at) =>
      typeOf(one) === undefined ? `no schema of ${one.apiVersion} ${one.kind}` : said.get(at)?.join('; '),
    )
  } finally {
    rmSync(place, { recursive: true })
  }
}

/** By the number of the object, which has a line of its own; what is set in further belongs to the line before. */
function saidOf(output: string): ReadonlyMap<number, readonly string[]> {
  const said = new Map<number, string[]>()
  for (const [, line = '', text = ''] of output.matchAll(/^objects\.ts\((\d+),\d+\): error (.*(?:\n .*)*)/gm)) {
    const at = Number(line) - 1
    said.set(at, [...(said.get(at) ?? []), text.replace(/\s+/g, ' ')])
  }
  return said
}
