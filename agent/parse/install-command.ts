// Tells whether the command of a modprobe.d `install` line can load nothing.

const inert: ReadonlySet<string> = new Set(['true', 'false', ':', 'exit', 'echo', 'printf', 'logger', '/dev/null'])
const programDirectory = /^(?:\/usr\/local|\/usr)?\/s?bin\//
const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'busybox'])

/**
 * True for `/bin/false`, `/usr/bin/true`, `:`, `exit 0`, `sh -c 'exit 1'`, `echo no; /bin/false` and an empty command:
 * every simple command is a program that only ends or prints. Expansions, redirected input and any other program make
 * it false, since those might load the module.
 *
 * @param command as it stands in the file; modprobe hands it to a shell
 */
export function isDisablingCommand(command: string): boolean {
  return isInert(command.replace(/\r$/, '').replace(/\d?>&\d/g, ''), 0)
}

function isInert(command: string, depth: number): boolean {
  if (command.length > 4096 || /[`$(){}<\\\n\0]/.test(command)) return false
  const words = command.match(/'[^']*'|"[^"]*"|[;&|]+|[^\s;&|'"]+|['"]/g) ?? []
  let simple: string[] = []
  for (const word of words) {
    if (/^['"]$/.test(word)) return false
    if (simple.length === 0 && word.startsWith('#')) break
    if (!/^[;&|]/.test(word)) simple.push(word)
    else if (isInertSimple(simple, depth)) simple = []
    else return false
  }
  return isInertSimple(simple, depth)
}

function isInertSimple(words: readonly string[], depth: number): boolean {
  const [first, second, ...script] = words
  if (first === undefined) return true
  const program = unquoted(first).replace(programDirectory, '')
  if (inert.has(program)) return true
  if (!shells.has(program) || second === undefined || depth > 3) return false
  if (program === 'busybox') return isInertSimple(words.slice(1), depth + 1)
  return second === '-c' && script.length > 0 && isInert(unquoted(script[0] ?? ''), depth + 1)
}

const unquoted = (word: string) => (/^(['"]).*\1$/s.test(word) ? word.slice(1, -1) : word)
