// Holds every parser to a property: what it reads is held for any input, not for the examples somebody thought of.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { root, sourceFiles } from './sources.ts'

/** Modules of tests that hold properties for those who call them. */
const holders = /^(?:broken-documents|damaged-text)\.ts$/

/** What a test runs by itself or through a module that holds properties. */
function holdsProperty(text: string): boolean {
  const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, from = '']) => basename(from))
  const calls = imported.includes('fast-check') && /\bfc\s*\.\s*(?:assert|check)\(/.test(text)
  return calls || imported.some(name => holders.test(name))
}

const parsers = sourceFiles(['agent/parse/*.ts']).filter(({ text }) =>
  /^export (?:async )?function|^export const \w+(?::[^=]+)? = (?:async )?(?:\([^)]*\)|\w+)(?:: [^=]+)? =>/m.test(text),
)

t.test('every parser has a test that holds a property of it', async t => {
  t.ok(parsers.length > 100, `${parsers.length} parsers`)
  for (const { path } of parsers) {
    const test = join(root, 'test', path.replace(/\.ts$/, '.test.ts'))
    t.ok(existsSync(test) && holdsProperty(readFileSync(test, 'utf8')), `${path} has a property in ${basename(test)}`)
  }
})
