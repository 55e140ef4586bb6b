// Asks getcap(8) which capabilities files have, a directory at a time, where no module reads the attribute itself.
import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process'
import { accessSync, constants, lstatSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { capabilityOfGetcap } from '../../parse/getcap.ts'

const places = ['/usr/sbin/getcap', '/usr/bin/getcap', '/sbin/getcap', '/bin/getcap']
const limits = { timeout: 10_000, maxBuffer: 4 * 1024 * 1024 } as const
/** Names that getcap is asked for at once. */
const atOnce = 500
/** A name of other letters is asked for alone, so that no name looks like the answer for another one. */
const plainName = /^[\w.,:@%+~[-][\w.,:@%+~[\]-]*$/
/** What is no attribute: whoever reads it notes that it could not be told. */
const unknown = '00'

/**
 * The walk asks for the programs of one directory after the other: what getcap said of the last directory is kept.
 * @returns undefined where the program is not installed
 */
export function getcapReader(getcap = places.find(isProgram) ?? ''): ((path: string) => string) | undefined {
  if (getcap === '') return undefined
  let kept = { directory: '', known: new Map<string, string>() }
  return path => {
    // A name that is no UTF-8 is held open, and getcap follows no link to what is: nobody can tell.
    if (/^\/proc\/self\/fd\/\d+$/.test(path)) return unknown
    const place = dirname(path)
    const { dev, ino, mtimeMs, ctimeMs } = statSync(place)
    const directory = [dev, ino, mtimeMs, ctimeMs].join(' ')
    if (kept.directory !== directory) kept = { directory, known: askForAll(getcap, place) }
    return kept.known.get(basename(path)) ?? ''
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function askForAll(getcap: string, place: string): Map<string, string> {
  const programs = readdirSync(place).filter(name => isExecutable(`${place}/${name}`))
  const plain = programs.filter(name => plainName.test(name))
  const known = new Map<string, string>()
  const groups = Array.from({ length: Math.ceil(plain.length / atOnce) }, (_, index) =>
    plain.slice(index * atOnce, (index + 1) * atOnce),
  )
  const alone = programs.filter(name => !plainName.test(name)).map(name => [name])
  for (const group of [...groups, ...alone]) {
    const asked = group.map(name => `./${name}`)
    for (const [path, capability] of askFor(getcap, asked, place)) known.set(path.slice(2), capability)
  }
  return known
}

function isExecutable(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0
}

/** Attributes in hex by path, of those that have one. @throws Error when the program fails: then nothing is known */
function askFor(getcap: string, paths: readonly string[], directory: string): Map<string, string> {
  const options = { ...limits, cwd: directory, env: { LC_ALL: 'C' }, encoding: 'utf8' } as const
  const { stdout, error } = spawnSync(getcap, ['-n', ...paths], options satisfies SpawnSyncOptionsWithStringEncoding)
  if (error) throw error
  const found = new Map<string, string>()
  const [only] = paths
  if (paths.length === 1 && only !== undefined) {
    if (stdout.startsWith(`${only} `)) found.set(only, capabilityOf(stdout.slice(only.length).replace(/\n$/, '')))
    return found
  }
  for (const line of stdout.split('\n')) {
    const end = line.indexOf(' ')
    if (end > 0) found.set(line.slice(0, end), capabilityOf(line.slice(end)))
  }
  return found
}

const capabilityOf = (text: string): string => capabilityOfGetcap(text) ?? unknown
