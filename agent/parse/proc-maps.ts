// Reads from /proc/PID/maps (proc_pid_maps(5)) which files a process runs code of although they are gone from disk.

/** Code of packages lies here; what programs unpack elsewhere for themselves is none. */
const packagePath = /^\/(?:usr|lib|lib32|lib64|libx32|bin|sbin|opt)\//
const deletedMark = ' (deleted)'

/**
 * Paths of deleted files that are mapped executable, each once. Escaped line ends (`\012`) stay as they are.
 * Shared memory, memfd and devices do not lie where packages put code.
 */
export function parseReplacedFiles(text: string): readonly string[] {
  const files = new Set<string>()
  for (let mark = text.indexOf(deletedMark); mark >= 0; mark = text.indexOf(deletedMark, mark + 1)) {
    const after = text[mark + deletedMark.length]
    if (after !== undefined && after !== '\n') continue
    const line = text.slice(text.lastIndexOf('\n', mark) + 1, mark)
    const [, permissions, path] =
      /^[0-9a-f]+-[0-9a-f]+ (\S{4}) [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+ +(\/.*)$/.exec(line) ?? []
    if (permissions?.[2] === 'x' && path !== undefined && packagePath.test(path)) files.add(path)
  }
  return [...files]
}
